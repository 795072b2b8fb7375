using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Polls.Api.Http;
using Polls.Api.Hubs;

namespace Polls.Tests.Http;

/// <summary>A refusal is not a failure. Unexpected exceptions are failures and are logged.</summary>
public sealed class FailureAnswersTests
{
    [Theory]
    [InlineData(typeof(HubException), 0)]
    [InlineData(typeof(InvalidOperationException), 1)]
    public async Task Only_unexpected_exceptions_of_hub_calls_are_logged(Type thrown, int lines)
    {
        var log = new Listening();
        var call = new HubInvocationContext(null!, null!, null!, typeof(RoomHub).GetMethod(nameof(RoomHub.GetState))!, []);

        await Should.ThrowAsync(
            async () => await new FailureAnswers(log, TimeProvider.System).InvokeMethodAsync(call, _ => throw (Exception)Activator.CreateInstance(thrown)!), thrown);

        log.Lines.ShouldBe(Enumerable.Repeat((LogLevel.Error, "A call of GetState failed."), lines));
    }

    [Theory]
    [InlineData(typeof(OperationCanceledException))]
    [InlineData(typeof(ObjectDisposedException))]
    public async Task Interrupted_calls_are_answered_with_unavailable(Type thrown)
    {
        var log = new Listening();
        var call = new HubInvocationContext(null!, null!, null!, typeof(RoomHub).GetMethod(nameof(RoomHub.GetState))!, []);

        var told = await Should.ThrowAsync<HubException>(
            async () => await new FailureAnswers(log, TimeProvider.System).InvokeMethodAsync(call, _ => throw (Exception)Activator.CreateInstance(thrown, "")!));

        told.Message.ShouldStartWith("unavailable: ");
        log.Lines.ShouldHaveSingleItem().Level.ShouldBe(LogLevel.Information);
    }

    [Fact]
    public async Task While_PostgreSQL_is_away_one_line_in_ten_seconds_says_so_without_a_stack()
    {
        var log = new Listening();
        var clock = new FakeTimeProvider();
        var answers = new FailureAnswers(log, clock);
        var call = new HubInvocationContext(null!, null!, null!, typeof(RoomHub).GetMethod(nameof(RoomHub.GetState))!, []);
        for (var second = 0; second < 21; second++, clock.Advance(TimeSpan.FromSeconds(1)))
        {
            await Should.ThrowAsync<HubException>(async () => await answers.InvokeMethodAsync(
                call, _ => throw new InvalidOperationException("A layer above", new NpgsqlException("Failed to connect", new IOException("Refused")))));
        }

        log.Lines.ShouldBe(((int[])[0, 9, 9]).Select(others => (
            LogLevel.Warning, $"A request failed because PostgreSQL did not do its work: Failed to connect (Refused). {others} failed since the last such line.")));
        log.Shown.ShouldAllBe(exception => exception == null);
    }

    private sealed class Listening : ILogger<FailureAnswers>
    {
        public List<(LogLevel Level, string Line)> Lines { get; } = [];

        public List<Exception?> Shown { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Lines.Add((logLevel, formatter(state, exception)));
            Shown.Add(exception);
        }
    }
}
