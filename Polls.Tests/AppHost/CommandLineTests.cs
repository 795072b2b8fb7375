using Polls.AppHost;

namespace Polls.Tests.AppHost;

public sealed class CommandLineTests
{
    [Fact]
    public void The_default_is_one_instance_on_8080_with_Redis()
    {
        CommandLine.Parse([]).Options.ShouldBe(new(8080, 1, DataDirectory: null, RedisEnabled: true, Nginx: null, Observe: false, ShowHelp: false));
    }

    [Fact]
    public void Values_follow_their_option_with_a_space_or_an_equals_sign_and_the_last_one_wins()
    {
        CommandLine.Parse(["--port", "9000", "--instances=3", "--data", "first", "--data", "a b", "--redis", "off"]).Options
            .ShouldBe(new(9000, 3, "a b", RedisEnabled: false, Nginx: null, Observe: false, ShowHelp: false));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true, "--instances", "2")]
    [InlineData(false, "--instances", "2", "--nginx", "off")]
    [InlineData(true, "--nginx", "on")]
    public void Nginx_is_in_front_of_several_instances_by_default(bool expected, params string[] arguments) =>
        CommandLine.Parse(arguments).Options!.NginxEnabled.ShouldBe(expected);

    [Fact]
    public void Observe_is_an_option_without_a_value_in_any_position()
    {
        CommandLine.Parse(["--observe", "--instances", "2"]).Options.ShouldBe(CommandLine.Parse(["--instances=2", "--observe"]).Options);
        CommandLine.Parse(["--instances", "2", "--observe"]).Options!.Observe.ShouldBeTrue();
    }

    [Theory]
    [InlineData("--port must be", "--port", "65536")]
    [InlineData("--port must be", "--port", "-1")]
    [InlineData("--port needs a value", "--port")]
    [InlineData("leaves no room for 2 instances", "--port", "65535", "--instances", "2", "--nginx", "off")]
    [InlineData("--nginx must be on or off", "--nginx", "maybe")]
    [InlineData("--instances must be", "--instances", "0")]
    [InlineData("--instances must be", "--instances", "many")]
    [InlineData("--redis must be on or off", "--redis", "maybe")]
    [InlineData("--data needs a value", "--data", "")]
    [InlineData("Unknown option '--ports'", "--ports", "1")]
    [InlineData("--observe takes no value", "--observe=on")]
    [InlineData("Unknown option 'start'", "start")]
    public void Invalid_options_are_named(string expected, params string[] arguments)
    {
        var (options, error) = CommandLine.Parse(arguments);

        options.ShouldBeNull();
        error.ShouldNotBeNull().ShouldContain(expected);
    }
}
