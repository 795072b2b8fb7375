using System.Globalization;
using System.Text.RegularExpressions;
using Polls.Api.Limits;

namespace Polls.Tests.Limits;

/// <summary><c>docs/limits.md</c> matches the code.</summary>
public sealed partial class LimitsPageTests
{
    [Fact]
    public void Every_rate_class_is_listed_with_its_rule()
    {
        var options = new LimitOptions();
        var told = Row().Matches(Repository.Read("docs/limits.md")).ToDictionary(
            row => row.Groups[1].Value, row => new RateRule(Number(row.Groups[2].Value), (int)Number(row.Groups[3].Value)));
        told.ShouldBe(Enum.GetValues<RateClass>().ToDictionary(rate => rate.ToString(), options.Of), ignoreOrder: true);
    }

    private static double Number(string text) => double.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\| `(\w+)` \|[^|]*\|[^|]*\| ([0-9.,]+) \| ([0-9.,]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
