using Polls.Api.Accounts;

namespace Polls.Tests.Accounts;

public sealed class OneTimeCodesTests
{
    /// <summary>The key of RFC 6238's appendix B, "12345678901234567890", and the last six digits of its codes.</summary>
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Codes_are_those_of_the_standard(long seconds, string code) =>
        OneTimeCodes.Code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", seconds / 30).ShouldBe(code);
}
