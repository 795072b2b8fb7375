using StackExchange.Redis;

namespace Polls.Api.Redis;

/// <summary>A Lua script from Scripts/, made of one or more of its files.</summary>
internal sealed class RedisScript
{
    private readonly string text;

    private RedisScript(string text) => this.text = text;

    public static RedisScript Load(params string[] names) => new(string.Join('\n', names.Select(Read)));

    /// <summary>
    /// Makes the script known to a server, and to the client that the server knows it. Without it the first calls
    /// on a connection would each carry the whole text, just when everybody comes back at once.
    /// </summary>
    public Task MakeKnownAsync(IServer server) => server.ScriptLoadAsync(text);

    /// <summary>Runs the script, which the client names by its hash once Redis knows it.</summary>
    public async Task<RedisResult> RunAsync(IDatabase database, RedisKey key, params RedisValue[] arguments)
    {
        try
        {
            return await database.ScriptEvaluateAsync(text, [key], arguments).ConfigureAwait(false);
        }
        catch (RedisServerException exception) when (
            exception.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            // Redis forgot its scripts (SCRIPT FLUSH) and the client just learnt of it: now it sends the text again.
            return await database.ScriptEvaluateAsync(text, [key], arguments).ConfigureAwait(false);
        }
    }

    private static string Read(string name)
    {
        var resource = $"{typeof(RedisScript).Namespace}.Scripts.{name}.lua";
        using var stream = typeof(RedisScript).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"There is no script {resource}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
