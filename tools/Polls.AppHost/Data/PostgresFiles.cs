using System.Security.Cryptography;
using System.Text;
using Polls.AppHost.Processes;

namespace Polls.AppHost.Data;

/// <summary>
/// Where one PostgreSQL keeps its files: <c>postgres/</c> in the data folder, or a folder under /var/tmp when root
/// runs this and the postgres user has no way into the data folder (a clone below /root or below a mode 700 folder).
/// </summary>
internal sealed class PostgresFiles
{
    private const string SecretName = "postgres";
    private static readonly TimeSpan StrayLimit = TimeSpan.FromSeconds(10);
    private readonly DataFolder _folder;
    private readonly string _outside;
    private readonly bool _isOutside;
    private bool _freshPassword;

    private PostgresFiles(DataFolder folder, string outside, bool isOutside)
    {
        (_folder, _outside, _isOutside) = (folder, outside, isOutside);
        Directory = Path.Combine(isOutside ? outside : folder.Path, "postgres");
        var unknown = folder.ExistingSecret(SecretName) is null;
        // Without its data folder a cluster out there is what a deleted folder left behind: deleting means starting anew.
        if (isOutside && unknown && System.IO.Directory.Exists(outside))
            System.IO.Directory.Delete(outside, recursive: true);
        _freshPassword = unknown && IsInitialised;
        Password = folder.Secret(SecretName);
    }

    public string Directory { get; }

    public string Password { get; }

    private bool IsInitialised => File.Exists(Path.Combine(Directory, "PG_VERSION"));

    public static async Task<PostgresFiles> LocateAsync(DataFolder folder, Action<string>? notice, CancellationToken cancellationToken)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder.Path)))[..16];
        var outside = $"/var/tmp/polls-{hash}";
        var isOutside = !await PostgresTools.CanReachAsync(folder.Path, cancellationToken);
        if (isOutside)
            notice?.Invoke($"The postgres user cannot enter {folder.Path}: PostgreSQL's files are kept in {outside}.");
        return new(folder, outside, isOutside);
    }

    /// <summary>Makes the files ready for a server: made where there are none, free of what a killed server left.</summary>
    public async Task<PostgresTools> PrepareAsync(bool throwaway, CancellationToken cancellationToken)
    {
        if (!IsInitialised)
            await InitialiseAsync(throwaway, cancellationToken);
        var version = (await File.ReadAllTextAsync(Path.Combine(Directory, "PG_VERSION"), cancellationToken)).Trim();
        var tools = await PostgresTools.Find(version).ForOwnerOfAsync(Directory, cancellationToken);
        await EndStraysAsync(cancellationToken);
        if (_freshPassword)
            await SingleUserAsync(tools, Directory, PasswordStatements("ALTER"), cancellationToken);
        _freshPassword = false;
        return tools;
    }

    public void DeleteOutside()
    {
        if (_isOutside && System.IO.Directory.Exists(_outside))
            System.IO.Directory.Delete(_outside, recursive: true);
    }

    // Under another name until it is complete: an interrupted first start leaves nothing that looks like a database.
    private async Task InitialiseAsync(bool throwaway, CancellationToken cancellationToken)
    {
        if (_isOutside)
            await MakeOutsideAsync(cancellationToken);
        DeleteUnfinished();
        var unfinished = $"{Directory}.new-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        System.IO.Directory.CreateDirectory(unfinished);
        File.SetUnixFileMode(unfinished, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (Environment.IsPrivilegedProcess)
            (await Tool.RunAsync("chown", ["postgres:", unfinished], cancellationToken: cancellationToken)).OrThrow("chown");

        var tools = await PostgresTools.Find(majorVersion: null).ForOwnerOfAsync(unfinished, cancellationToken);
        // Durability of the files of a first start matters only to those who keep them.
        string[] sync = throwaway ? ["--no-sync"] : [];
        var made = await tools.RunAsync("initdb",
            ["-D", unfinished, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--auth-local=reject", "--auth-host=scram-sha-256", .. sync],
            cancellationToken: cancellationToken);
        made.OrThrow("Creating the database files");
        await SingleUserAsync(tools, unfinished, PasswordStatements("CREATE") + "CREATE DATABASE polls OWNER polls\n", cancellationToken);
        System.IO.Directory.Move(unfinished, Directory);
    }

    private void DeleteUnfinished()
    {
        foreach (var unfinished in System.IO.Directory.GetDirectories(Path.GetDirectoryName(Directory)!, "postgres.new-*"))
        {
            try
            {
                System.IO.Directory.Delete(unfinished, recursive: true);
            }
            catch (IOException)
            {
                // The initdb of a killed run still writes there; the next first start gets another chance.
            }
        }
    }

    // One statement a line, as the single-user mode wants it. The password is hexadecimal: nothing to escape.
    private string PasswordStatements(string verb) =>
        $"ALTER ROLE postgres PASSWORD '{Password}'\n{verb} ROLE polls LOGIN CREATEDB PASSWORD '{Password}'\n";

    private static async Task SingleUserAsync(PostgresTools tools, string directory, string statements, CancellationToken cancellationToken) =>
        (await tools.RunAsync("postgres", ["--single", "-D", directory, "-c", "exit_on_error=true", "postgres"], statements, cancellationToken: cancellationToken))
            .OrThrow("Setting up the database");

    // /var/tmp is open to everyone: a folder that someone else put there is not ours to use.
    private async Task MakeOutsideAsync(CancellationToken cancellationToken)
    {
        System.IO.Directory.CreateDirectory(_outside);
        var owner = await Tool.RunAsync("stat", ["-c", "%u", _outside], cancellationToken: cancellationToken);
        if (owner.OrThrow("stat").Output.Trim() != "0")
            throw new StartFailedException($"'{_outside}' belongs to another user; remove it, or choose another data folder.");
        File.SetUnixFileMode(_outside, (UnixFileMode)0b111_101_101);
    }

    /// <summary>
    /// A killed server's children take a moment to notice, and refuse the next server until they are gone.
    /// Its pid file counts as long as that id exists, even as a zombie: with nobody left it means nothing.
    /// </summary>
    private async Task EndStraysAsync(CancellationToken cancellationToken)
    {
        if (!await Backoff.UntilAsync(() => ProcessIdentity.WorkingIn(Directory).Count == 0, StrayLimit, cancellationToken))
        {
            foreach (var stray in ProcessIdentity.WorkingIn(Directory))
                stray.Signal(PosixSignalNumber.Kill);
            if (!await Backoff.UntilAsync(() => ProcessIdentity.WorkingIn(Directory).Count == 0, StrayLimit, cancellationToken))
                throw new StartFailedException($"Processes of an earlier PostgreSQL still use '{Directory}'.");
        }

        File.Delete(Path.Combine(Directory, "postmaster.pid"));
    }
}
