using Polls.Core.Rooms;

namespace Polls.Tests.Rooms;

public sealed class JoinCodeTests
{
    [Theory]
    [InlineData("123456", true)]
    [InlineData("000000", true)]
    [InlineData("12345", false)]
    [InlineData("1234567", false)]
    [InlineData("12345a", false)]
    [InlineData("12345 ", false)]
    [InlineData("-12345", false)]
    [InlineData("12345\u0663", false)]
    [InlineData("１２３４５６", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_code_is_six_ASCII_digits(string? text, bool wellFormed) => JoinCode.IsWellFormed(text).ShouldBe(wellFormed);

    [Fact]
    public void Drawn_codes_are_well_formed_never_start_with_zero_and_spread()
    {
        var codes = Enumerable.Range(0, 2000).Select(_ => JoinCode.Draw()).ToList();
        codes.ShouldAllBe(code => JoinCode.IsWellFormed(code) && code[0] != '0');
        codes.Distinct().Count().ShouldBeGreaterThan(1950);
        codes.Select(code => code[0]).Distinct().Count().ShouldBe(9);
    }
}
