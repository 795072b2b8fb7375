using System.Globalization;
using System.Security.Cryptography;
using Polls.AppHost.Processes;

namespace Polls.AppHost.Data;

/// <summary>
/// The data folder of a cluster, used by one cluster at a time. It contains <c>lock</c> (locked while a cluster runs),
/// <c>pid</c> (its process id), <c>processes</c> (the guard's ledger), <c>secrets/</c> (mode 0600), <c>logs/</c>,
/// <c>redis/</c> and <c>postgres/</c>.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    // The guard of a killed run waits up to two times ten seconds before it kills.
    private static readonly TimeSpan GuardLimit = TimeSpan.FromSeconds(25);
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly bool _throwaway;
    private readonly FileStream _lock;

    private DataFolder(string path, bool throwaway, FileStream lockFile) =>
        (Path, _throwaway, _lock) = (path, throwaway, lockFile);

    public string Path { get; }

    public string Ledger => In("processes");

    /// <summary>Whether a running cluster uses this folder.</summary>
    public static bool IsLocked(string directory)
    {
        try
        {
            using var free = new FileStream(
                System.IO.Path.Combine(directory, "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (Exception missing)
            when (missing is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
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
            throw new StartFailedException("A data folder is required unless the cluster is throwaway.");
        var path = directory.Length == 0
            ? System.IO.Path.Combine(
                System.IO.Path.GetTempPath(), $"polls-{RandomNumberGenerator.GetHexString(12, lowercase: true)}")
            : System.IO.Path.GetFullPath(directory);
        try
        {
            // PostgreSQL may run as another user, who must be able to enter the folder regardless of the umask.
            if (!Directory.Exists(path))
                File.SetUnixFileMode(Directory.CreateDirectory(path).FullName, FolderMode);
            var folder = new DataFolder(path, throwaway, Lock(path));
            File.WriteAllText(folder.In("pid"), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return folder;
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new StartFailedException(
                $"User '{Environment.UserName}' cannot write to the data folder '{path}'; "
                    + "choose another one with --data.",
                denied);
        }
    }

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public LogFile Log(string name) => new(In($"logs/{name}.log"));

    /// <summary>Waits for the processes of a killed run, and kills those that its guard did not end.</summary>
    public async Task EndLastRunAsync(Action<string>? notice, CancellationToken cancellationToken)
    {
        var remaining = Guard.ReadLedger(Ledger).Where(process => process.IsAlive).ToList();
        if (remaining.Count == 0)
            return;

        notice?.Invoke("The last run was killed; waiting until its processes have ended.");
        if (await Backoff.UntilAsync(() => !remaining.Any(process => process.IsAlive), GuardLimit, cancellationToken))
            return;
        foreach (var process in remaining)
            process.Signal(PosixSignalNumber.Kill);
    }

    /// <summary>A random password, generated once and kept for the next runs.</summary>
    public string Secret(string name)
    {
        if (ExistingSecret(name) is { } existing)
            return existing;

        Directory.CreateDirectory(In("secrets"));
        var secret = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var unfinished = SecretPath(name) + ".new";
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly
        };
        using (var writer = new StreamWriter(unfinished, options))
            writer.Write(secret);
        File.Move(unfinished, SecretPath(name), overwrite: true);
        return secret;
    }

    public string? ExistingSecret(string name) =>
        File.Exists(SecretPath(name)) ? File.ReadAllText(SecretPath(name)) : null;

    public void Dispose()
    {
        File.Delete(In("pid"));
        if (_throwaway)
            Directory.Delete(Path, recursive: true);
        _lock.Dispose();
    }

    private string SecretPath(string name) => In($"secrets/{name}");

    // The kernel releases the lock when the process ends, so a killed run leaves none behind.
    private static FileStream Lock(string path)
    {
        try
        {
            return new(
                System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException locked)
        {
            var pid = System.IO.Path.Combine(path, "pid");
            var process = File.Exists(pid) ? $" (process {File.ReadAllText(pid)})" : "";
            throw new StartFailedException(
                $"Polls is already running{process} on the data folder '{path}'. Stop it first, "
                    + "or choose another folder with --data.",
                locked);
        }
    }
}
