using System.ComponentModel.DataAnnotations;

namespace Polls.Api.Instance;

/// <summary>Identity of this instance. Bound from the section <c>Instance</c>.</summary>
public sealed record InstanceOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Instance";

    /// <summary>
    /// Unique among the running instances. Best kept over a restart: reports of the earlier run are then replaced at
    /// once instead of expiring.
    /// </summary>
    [Required(ErrorMessage = "Instance:Id must not be empty; leave it out to use the host name.")]
    [RegularExpression("^[A-Za-z0-9._-]{1,64}$", ErrorMessage =
        "Instance:Id must be 1 to 64 letters, digits, dots, dashes or underscores; leave it out to use the host name.")]
    public string Id { get; set; } = Environment.MachineName;
}
