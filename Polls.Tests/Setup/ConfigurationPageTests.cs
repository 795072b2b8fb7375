using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Polls.Api.Http;
using Polls.Api.Limits;
using Polls.Core.Rooms;
using Polls.Tests.Kubernetes;

namespace Polls.Tests.Setup;

/// <summary>
/// <c>docs/configuration.md</c> lists exactly the settings of our options classes, as they are in code.
/// </summary>
public sealed partial class ConfigurationPageTests
{
    private static readonly string Page = Repository.Read("docs/configuration.md").Split("## Frameworks")[0];

    [Fact]
    public async Task Every_setting_is_listed_with_its_type_default_and_bounds_and_no_other_is()
    {
        var listed = Row().Matches(Page).ToDictionary(row => row.Groups[1].Value, row => (Type: Cell(row, 2), Default: Cell(row, 4), Bounds: Cell(row, 5)));
        var settings = await SettingsAsync();

        listed.Keys.Order().ShouldBe(settings.Select(setting => setting.Variable).Order());
        foreach (var setting in settings)
        {
            var row = listed[setting.Variable];
            row.Type.ShouldBe(setting.Type, setting.Variable);
            row.Default.ShouldBe(setting.Default, setting.Variable);
            if (setting.Bounds is { } bounds)
            {
                row.Bounds.ShouldBe(bounds, setting.Variable);
            }
        }
    }

    [Fact]
    public void Every_setting_is_under_the_heading_of_its_section()
    {
        var sections = Heading().Split(Page).Skip(1).Chunk(2).ToDictionary(part => part[0].Replace(" strings", "Strings", StringComparison.Ordinal), part => part[1]);
        sections.ShouldContainKey("Votes");
        sections.SelectMany(section => Row().Matches(section.Value).Select(row => row.Groups[1].Value)
            .Where(variable => !variable.StartsWith($"{section.Key}__", StringComparison.Ordinal))).ShouldBeEmpty();
    }

    private static string Cell(Match row, int column) => row.Groups[column].Value.Trim();

    private static async Task<List<Setting>> SettingsAsync()
    {
        var services = await ApiSettings.ServicesAsync();
        var bound = services.Select(service => service.ServiceType)
            .Where(type => type is { IsGenericType: true } && type.GetGenericTypeDefinition() == typeof(IOptionsChangeTokenSource<>))
            .Select(type => type.GetGenericArguments()[0])
            .Where(type => type.Assembly == typeof(RoomLinks).Assembly || type.Assembly == typeof(RoomOptions).Assembly)
            .Distinct().ToList();
        bound.ShouldContain(typeof(LimitOptions), "the search finds a known setting");
        return [.. bound.SelectMany(type => SettingsOf(type, SectionOf(type, services))).DistinctBy(setting => setting.Variable)];
    }

    private static IEnumerable<Setting> SettingsOf(Type type, string section)
    {
        var defaults = Activator.CreateInstance(type)!;
        foreach (var property in SettableOf(type))
        {
            if (property.PropertyType == typeof(RateSetting))
            {
                foreach (var part in SettableOf(typeof(RateSetting)))
                {
                    yield return new($"{section}__{{class}}__{part.Name}", TypeOf(part), "[by class](limits.md)", null);
                }
            }
            else
            {
                // Connection strings are in their own section, defined by .NET.
                var variable = property.Name != "ConnectionString" ? $"{section}__{property.Name}"
                    : section == "Database" ? "ConnectionStrings__Polls" : $"ConnectionStrings__{section}";
                yield return new(variable, TypeOf(property), Show(property.GetValue(defaults)), BoundsOf(property));
            }
        }
    }

    private static IEnumerable<PropertyInfo> SettableOf(Type type) =>
        type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.SetMethod is { IsPublic: true });

    // The section is the first part of every key that binding requests.
    private static string SectionOf(Type type, IServiceCollection services)
    {
        var notes = new SettingNotes();
        var configuring = typeof(IConfigureOptions<>).MakeGenericType(type);
        IServiceCollection alone = new ServiceCollection();
        alone.AddSingleton<IConfiguration>(new ConfigurationBuilder().Add(notes).Build());
        foreach (var service in services.Where(service => service.ServiceType == configuring))
        {
            alone.Add(service);
        }

        using var provider = alone.BuildServiceProvider();
        var options = Activator.CreateInstance(type)!;
        foreach (var configure in provider.GetServices(configuring))
        {
            configuring.GetMethod(nameof(IConfigureOptions<object>.Configure))!.Invoke(configure, [options]);
        }

        return notes.Asked.Select(key => key.Split(':')[0]).Distinct().ShouldHaveSingleItem();
    }

    private static string TypeOf(PropertyInfo property) => Type.GetTypeCode(property.PropertyType) switch
    {
        TypeCode.Boolean => "true or false",
        TypeCode.Int32 => "integer",
        TypeCode.Double => "number",
        TypeCode.String => "text",
        _ => property.PropertyType == typeof(TimeSpan) ? "time span" : throw new NotSupportedException($"{property} needs a name for its type."),
    };

    private static string? BoundsOf(PropertyInfo property) =>
        property.GetCustomAttribute<RangeAttribute>() is { } range ? $"{Show(range.Minimum)} to {Show(range.Maximum)}"
        : property.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed ? string.Join(", ", allowed.Values)
        : null;

    private static string Show(object? value) => value switch
    {
        null or "" => "none",
        true => "true",
        false => "false",
        string text when text == Environment.MachineName => "host name",
        int number => number.ToString("N0", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    [GeneratedRegex(@"^\| `([\w{}]+__[\w{}]+)` \|([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("^## (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    private sealed record Setting(string Variable, string Type, string Default, string? Bounds);
}
