using System.Security.Cryptography;
using System.Text;
using Polls.AppHost.Processes;

namespace Polls.AppHost.Data;

/// <summary>
/// The files of PostgreSQL: <c>postgres/</c> in the data folder, or a folder under /var/tmp if this program runs as
/// root and the postgres user cannot enter the data folder (for example below /root or a folder with mode 700).
/// </summary>
internal sealed class PostgresFiles
{
    private const string SecretName = "postgres";
    private static readonly TimeSpan LeftoverLimit = TimeSpan.FromSeconds(10);
    private readonly DataFolder _folder;
    private readonly string _outside;
    private readonly bool _isOutside;
    private bool _isNewPassword;

    private PostgresFiles(DataFolder folder, string outside, bool isOutside)
    {
        (_folder, _outside, _isOutside) = (folder, outside, isOutside);
        Directory = Path.Combine(isOutside ? outside : folder.Path, "postgres");
        var hasNoPassword = folder.ExistingSecret(SecretName) is null;
        // The data folder was deleted to start from scratch: delete the files outside of it as well.
        if (isOutside && hasNoPassword && System.IO.Directory.Exists(outside))
            System.IO.Directory.Delete(outside, recursive: true);
        _isNewPassword = hasNoPassword && IsInitialised;
        Password = folder.Secret(SecretName);
    }

    public string Directory { get; }

    public string Password { get; }

    private bool IsInitialised => File.Exists(Path.Combine(Directory, "PG_VERSION"));

    public static async Task<PostgresFiles> LocateAsync(
        DataFolder folder, Action<string>? notice, CancellationToken cancellationToken)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder.Path)))[..16];
        var outside = $"/var/tmp/polls-{hash}";
        var isOutside = !await PostgresTools.CanReachAsync(folder.Path, cancellationToken);
        if (isOutside)
            notice?.Invoke($"The postgres user cannot enter {folder.Path}: PostgreSQL keeps its files in {outside}.");
        return new(folder, outside, isOutside);
    }

    /// <summary>
    /// Prepares the files for a server: creates them if needed, and removes leftovers of a killed server.
    /// </summary>
    public async Task<PostgresTools> PrepareAsync(bool throwaway, CancellationToken cancellationToken)
    {
        if (!IsInitialised)
            await InitialiseAsync(throwaway, cancellationToken);
        var version = (await File.ReadAllTextAsync(Path.Combine(Directory, "PG_VERSION"), cancellationToken)).Trim();
        var tools = await PostgresTools.Find(version).ForOwnerOfAsync(Directory, cancellationToken);
        await EndLeftoversAsync(cancellationToken);
        if (_isNewPassword)
            await SingleUserAsync(tools, Directory, PasswordStatements("ALTER"), cancellationToken);
        _isNewPassword = false;
        return tools;
    }

    public void DeleteOutside()
    {
        if (_isOutside && System.IO.Directory.Exists(_outside))
            System.IO.Directory.Delete(_outside, recursive: true);
    }

    // Uses another name until it is complete, so that an interrupted first start leaves no incomplete database.
    private async Task InitialiseAsync(bool throwaway, CancellationToken cancellationToken)
    {
        if (_isOutside)
            await CreateOutsideAsync(cancellationToken);
        DeleteUnfinished();
        var unfinished = $"{Directory}.new-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        System.IO.Directory.CreateDirectory(unfinished);
        File.SetUnixFileMode(unfinished, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (Environment.IsPrivilegedProcess)
            (await Tool.RunAsync("chown", ["postgres:", unfinished], cancellationToken: cancellationToken))
                .OrThrow("chown");

        var tools = await PostgresTools.Find(majorVersion: null).ForOwnerOfAsync(unfinished, cancellationToken);
        // The files need not survive a power loss if they are thrown away.
        string[] sync = throwaway ? ["--no-sync"] : [];
        var result = await tools.RunAsync("initdb",
            [
                "-D", unfinished, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--auth-local=reject",
                "--auth-host=scram-sha-256", .. sync
            ],
            cancellationToken: cancellationToken);
        result.OrThrow("Creating the database files");
        await SingleUserAsync(
            tools, unfinished, PasswordStatements("CREATE") + "CREATE DATABASE polls OWNER polls\n", cancellationToken);
        System.IO.Directory.Move(unfinished, Directory);
    }

    private void DeleteUnfinished()
    {
        foreach (var unfinished in System.IO.Directory.GetDirectories(
            Path.GetDirectoryName(Directory)!, "postgres.new-*"))
        {
            try
            {
                System.IO.Directory.Delete(unfinished, recursive: true);
            }
            catch (IOException)
            {
                // The initdb of a killed run still writes there; the next first start tries again.
            }
        }
    }

    // Single-user mode requires one statement per line. The password is hexadecimal and needs no escaping.
    private string PasswordStatements(string verb) =>
        $"ALTER ROLE postgres PASSWORD '{Password}'\n{verb} ROLE polls LOGIN CREATEDB PASSWORD '{Password}'\n";

    private static async Task SingleUserAsync(
        PostgresTools tools, string directory, string statements, CancellationToken cancellationToken) =>
        (await tools.RunAsync(
            "postgres", ["--single", "-D", directory, "-c", "exit_on_error=true", "postgres"], statements,
            cancellationToken: cancellationToken))
            .OrThrow("Setting up the database");

    // Everyone can write to /var/tmp: do not use a folder that another user created.
    private async Task CreateOutsideAsync(CancellationToken cancellationToken)
    {
        System.IO.Directory.CreateDirectory(_outside);
        var owner = await Tool.RunAsync("stat", ["-c", "%u", _outside], cancellationToken: cancellationToken);
        if (owner.OrThrow("stat").Output.Trim() != "0")
            throw new StartFailedException(
                $"'{_outside}' belongs to another user; remove it, or choose another data folder.");
        File.SetUnixFileMode(_outside, (UnixFileMode)0b111_101_101);
    }

    /// <summary>
    /// The children of a killed server exit with a delay, and no new server can start before. A new server also refuses
    /// to start while the process id in the pid file exists, even as a zombie, so the file is deleted.
    /// </summary>
    private async Task EndLeftoversAsync(CancellationToken cancellationToken)
    {
        if (!await Backoff.UntilAsync(
            () => ProcessIdentity.WorkingIn(Directory).Count == 0, LeftoverLimit, cancellationToken))
        {
            foreach (var process in ProcessIdentity.WorkingIn(Directory))
                process.Signal(PosixSignalNumber.Kill);
            if (!await Backoff.UntilAsync(
                () => ProcessIdentity.WorkingIn(Directory).Count == 0, LeftoverLimit, cancellationToken))
                throw new StartFailedException($"Processes of an earlier PostgreSQL still use '{Directory}'.");
        }

        File.Delete(Path.Combine(Directory, "postmaster.pid"));
    }
}
