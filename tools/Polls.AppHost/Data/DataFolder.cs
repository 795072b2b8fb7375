using System.Globalization;
using System.Security.Cryptography;
using Polls.AppHost.Processes;

namespace Polls.AppHost.Data;

/// <summary>
/// The folder that a cluster lives in, held by one cluster at a time:
/// <c>lock</c> (held while one runs), <c>pid</c> (whose it is), <c>processes</c> (the guard's ledger),
/// <c>secrets/</c> (0600), <c>logs/</c>, <c>redis/</c>, <c>postgres/</c>.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    // The guard of a killed run needs up to two times ten seconds, then it kills.
    private static readonly TimeSpan EndOfLastRun = TimeSpan.FromSeconds(25);
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly bool _throwaway;
    private readonly FileStream _lock;

    private DataFolder(string path, bool throwaway, FileStream held) => (Path, _throwaway, _lock) = (path, throwaway, held);

    public string Path { get; }

    public string Ledger => In("processes");

    /// <summary>Whether a running cluster has this folder.</summary>
    public static bool IsHeld(string directory)
    {
        try
        {
            using var free = new FileStream(System.IO.Path.Combine(directory, "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public static DataFolder Claim(string directory, bool throwaway)
    {
        if (directory.Length == 0 && !throwaway)
            throw new StartFailedException("A data folder is needed; only a throwaway cluster may do without.");
        var path = directory.Length == 0
            ? System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"polls-{RandomNumberGenerator.GetHexString(12, lowercase: true)}")
            : System.IO.Path.GetFullPath(directory);
        try
        {
            // PostgreSQL may have to run as another user, who needs a way in whatever the umask says.
            if (!Directory.Exists(path))
                File.SetUnixFileMode(Directory.CreateDirectory(path).FullName, FolderMode);
            var folder = new DataFolder(path, throwaway, Lock(path));
            File.WriteAllText(folder.In("pid"), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return folder;
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new StartFailedException(
                $"The data folder '{path}' cannot be written by user '{Environment.UserName}'; choose another with --data.", denied);
        }
    }

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public LogFile Log(string name) => new(In($"logs/{name}.log"));

    /// <summary>Waits for the processes of a run that was killed, and ends the ones its guard did not.</summary>
    public async Task EndLastRunAsync(Action<string>? notice, CancellationToken cancellationToken)
    {
        var left = Guard.ReadLedger(Ledger).Where(process => process.IsAlive).ToList();
        if (left.Count == 0)
            return;

        notice?.Invoke("The last run was killed and is still ending: waiting for it.");
        if (await Backoff.UntilAsync(() => !left.Any(process => process.IsAlive), EndOfLastRun, cancellationToken))
            return;
        foreach (var process in left)
            process.Signal(PosixSignalNumber.Kill);
    }

    /// <summary>A random password that is made once and kept for the next runs.</summary>
    public string Secret(string name)
    {
        if (ExistingSecret(name) is { } known)
            return known;

        Directory.CreateDirectory(In("secrets"));
        var secret = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var unfinished = SecretPath(name) + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        using (var writer = new StreamWriter(unfinished, options))
            writer.Write(secret);
        File.Move(unfinished, SecretPath(name), overwrite: true);
        return secret;
    }

    public string? ExistingSecret(string name) => File.Exists(SecretPath(name)) ? File.ReadAllText(SecretPath(name)) : null;

    public void Dispose()
    {
        File.Delete(In("pid"));
        if (_throwaway)
            Directory.Delete(Path, recursive: true);
        _lock.Dispose();
    }

    private string SecretPath(string name) => In($"secrets/{name}");

    // The kernel drops this lock with the process, so a killed run leaves none behind.
    private static FileStream Lock(string path)
    {
        try
        {
            return new(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException held)
        {
            var pid = System.IO.Path.Combine(path, "pid");
            var whose = File.Exists(pid) ? $" (process {File.ReadAllText(pid)})" : "";
            throw new StartFailedException(
                $"Polls is already running{whose} on the data folder '{path}'. Stop it first, or choose another folder with --data.", held);
        }
    }
}
