using System.ComponentModel.DataAnnotations;
using Npgsql;
using Polls.Core.Storage;

namespace Polls.Tests.Storage;

public sealed class DatabaseOptionsTests
{
    [Fact]
    public void Bounds_are_applied_where_the_connection_string_sets_nothing()
    {
        var built = new DatabaseOptions { ConnectionString = "Host=db;Database=polls" }.Build();
        (built.Host, built.Database).ShouldBe(("db", "polls"));
        (built.MinPoolSize, built.MaxPoolSize, built.Timeout, built.CommandTimeout).ShouldBe((2, 20, 5, 32));
        built.ConnectionIdleLifetime.ShouldBe(30);
        built.Options.ShouldNotBeNull().ShouldContain("statement_timeout=30000");
        built.TcpKeepAlive.ShouldBeTrue();
        built.ApplicationName.ShouldBe("polls");
    }

    [Fact]
    public void The_configuration_section_changes_the_bounds()
    {
        var built = new DatabaseOptions
        {
            ConnectionString = "Host=db", MinPoolSize = 1, MaxPoolSize = 7, ConnectTimeoutSeconds = 2, StatementTimeoutSeconds = 9,
        }.Build();
        (built.MinPoolSize, built.MaxPoolSize, built.Timeout, built.CommandTimeout).ShouldBe((1, 7, 2, 11));
        built.Options.ShouldNotBeNull().ShouldContain("statement_timeout=9000");
    }

    [Theory]
    [InlineData("Maximum Pool Size=3")]
    [InlineData("maximum pool size=3")]
    [InlineData("MAXPOOLSIZE=3")]
    public void Settings_in_the_connection_string_win_in_any_spelling(string setting)
    {
        var built = new DatabaseOptions { ConnectionString = $"Server=db;{setting};Timeout=9;Application Name=mine" }.Build();
        (built.Host, built.MaxPoolSize, built.Timeout, built.ApplicationName).ShouldBe(("db", 3, 9, "mine"));
    }

    [Theory]
    [InlineData("Host=db;Nonsense=1")]
    [InlineData("just text")]
    public void A_malformed_connection_string_is_reported(string connectionString) =>
        Should.Throw<ArgumentException>(() => new DatabaseOptions { ConnectionString = connectionString }.Build());

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_small_maximum_in_the_connection_string_lowers_the_minimum(int size)
    {
        var built = new DatabaseOptions { ConnectionString = $"Host=db;Maximum Pool Size={size}" }.Build();
        using var source = NpgsqlDataSource.Create(built);
        built.MinPoolSize.ShouldBeLessThanOrEqualTo(size);
    }

    [Fact]
    public void A_missing_connection_string_says_what_to_set()
    {
        var errors = new List<ValidationResult>();
        var options = new DatabaseOptions();
        Validator.TryValidateObject(options, new ValidationContext(options), errors, validateAllProperties: true).ShouldBeFalse();
        errors.ShouldHaveSingleItem().ErrorMessage.ShouldNotBeNull().ShouldContain("ConnectionStrings__Polls");
    }

    [Theory]
    [InlineData(-1, 20, 5, 30)]
    [InlineData(2, 1, 5, 30)]
    [InlineData(2, 20, 0, 30)]
    [InlineData(2, 20, 5, 601)]
    public void Bounds_out_of_range_are_refused(int min, int max, int connect, int statement)
    {
        var options = new DatabaseOptions
        {
            ConnectionString = "Host=db", MinPoolSize = min, MaxPoolSize = max, ConnectTimeoutSeconds = connect, StatementTimeoutSeconds = statement,
        };
        Validator.TryValidateObject(options, new ValidationContext(options), null, validateAllProperties: true).ShouldBeFalse();
    }
}
