using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Polls.AppHost.Processes;

namespace Polls.AppHost;

/// <summary>Redis on loopback, with a password and an append-only file in the data folder.</summary>
public sealed class RedisServer : LocalPart
{
    private readonly string _password;
    private readonly string _directory;

    internal RedisServer(PartContext context) : base("redis", 0, context)
    {
        _password = context.Folder.Secret("redis");
        _directory = context.Folder.In("redis");
    }

    /// <summary>The StackExchange.Redis connection string.</summary>
    public string ConnectionString => $"127.0.0.1:{Port},password={_password},abortConnect=false";

    /// <summary>The password.</summary>
    public string Password => _password;

    private string ConfigurationPath => Path.Combine(_directory, "redis.conf");

    private protected override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_directory);
        // Not on the command line, where every user of the machine could read the password.
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await using var writer = new StreamWriter(ConfigurationPath, options);
        await writer.WriteAsync($"requirepass {_password}\n".AsMemory(), cancellationToken);
    }

    private protected override Launch CreateLaunch() => new("redis-server",
    [
        ConfigurationPath, "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "",
        "--appendonly", "yes", "--daemonize", "no",
    ])
    {
        WorkingDirectory = _directory,
    };

    private protected override async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH {_password}\r\nPING\r\n"), cancellationToken);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            return await reader.ReadLineAsync(cancellationToken) == "+OK"
                // While Redis loads its file, it answers with an error here.
                && await reader.ReadLineAsync(cancellationToken) == "+PONG";
        }
        catch (Exception down) when (down is SocketException or IOException)
        {
            return false;
        }
    }
}
