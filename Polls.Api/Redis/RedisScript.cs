using StackExchange.Redis;

namespace Polls.Api.Redis;

/// <summary>A Lua script that consists of one or more files in Scripts/.</summary>
internal sealed class RedisScript
{
    private readonly string text;

    private RedisScript(string text) => this.text = text;

    public static RedisScript Load(params string[] names) => new(string.Join('\n', names.Select(Read)));

    /// <summary>
    /// Runs the script on one key. The client library sends its text to each server once, then only its hash.
    /// </summary>
    public Task<RedisResult> RunAsync(IDatabase database, RedisKey key, params RedisValue[] arguments) =>
        database.ScriptEvaluateAsync(text, [key], arguments);

    private static string Read(string name)
    {
        var resource = $"{typeof(RedisScript).Namespace}.Scripts.{name}.lua";
        using var stream = typeof(RedisScript).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The script {resource} does not exist.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
