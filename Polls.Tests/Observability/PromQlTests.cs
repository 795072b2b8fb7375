namespace Polls.Tests.Observability;

/// <summary>Whoever checks names has to see them.</summary>
public sealed class PromQlTests
{
    [Theory]
    [InlineData("up", "up")]
    [InlineData("sum by (le, a) (rate(x_bucket{le=\"y\", b=~\"up{}\"}[5m])) / 1e3", "x_bucket")]
    [InlineData("a{b=\"\\\"c\"} or on () label_replace(vector(0), \"d\", \"none\", \"\", \"\")", "a")]
    [InlineData("a and on (job, b) c unless ignoring(d) group_left (e) f > bool 2", "a", "c", "f")]
    [InlineData("sum(a:b_c:rate5m offset 5m) by (b) == inf", "a:b_c:rate5m")]
    [InlineData("time() - a", "a")]
    public void The_metrics_of_a_query_are_seen(string query, params string[] metrics) => PromQl.Metrics(query).ShouldBe(metrics);

    [Fact]
    public void A_selector_without_braces_is_one_too() => PromQl.Selectors("sum by (b) (a{c=\"d\"}) / max(e)").ShouldBe(["{c=\"d\"}", "e"]);
}
