using Polls.Api.Rooms;
using Polls.Api.Tokens;
using Polls.Tests.Clients;
using Polls.Tests.Servers;
using Polls.Tests.Storage;

namespace Polls.Tests.Tokens;

/// <summary>The stored key ring is encrypted if there is a certificate, and all instances share it.</summary>
[Collection(nameof(SharedPostgres))]
public sealed class KeyRingTests(SharedPostgres postgres) : IDisposable
{
    private readonly TestCertificates certificates = new();

    [Fact]
    public async Task Keys_are_encrypted_with_the_certificate_and_tokens_stay_good_from_instance_to_instance_and_certificate_to_certificate()
    {
        var database = ("ConnectionStrings:Polls", Value: await postgres.EmptyDatabaseAsync());
        var password = ("KeyRing:Password", "open sesame");
        var (first, second) = (certificates.Pfx("first", "open sesame"), certificates.Pem("second"));
        await using var before = await InProcessInstance.StartAsync(database);
        using var a = new TestApi(before.Address);
        var room = await a.CreateRoomAsync(TestApi.Draft());
        (await KeysAsync(database.Value)).ShouldHaveSingleItem().ShouldContain("<masterKey");

        // An existing key is readable, but does not stay unencrypted.
        await using var after = await InProcessInstance.StartAsync(database, ("KeyRing:CertificateFile", first), password);
        var encrypted = (await KeysAsync(database.Value)).ShouldHaveSingleItem();
        encrypted.ShouldContain("<encryptedSecret");
        encrypted.ShouldNotContain("masterKey");
        using var b = new TestApi(after.Address);
        await GoodAsync(b, room);
        await GoodAsync(a, await b.CreateRoomAsync());

        // A later start finds the key encrypted and leaves it.
        (await InProcessProgram.MigrateAsync(database, ("KeyRing:CertificateFile", first), password)).ExitCode.ShouldBe(0);
        (await KeysAsync(database.Value)).ShouldBe([encrypted]);

        // The next certificate replaces the first one, which can then be deleted.
        (await InProcessProgram.MigrateAsync(database, ("KeyRing:CertificateFile", second), ("KeyRing:OlderCertificateFiles", first), password))
            .ExitCode.ShouldBe(0);
        (await KeysAsync(database.Value)).ShouldHaveSingleItem().ShouldNotBe(encrypted);
        await using var last = await InProcessInstance.StartAsync(database, ("KeyRing:CertificateFile", second));
        using var c = new TestApi(last.Address);
        await GoodAsync(c, room);
    }

    [Fact]
    public async Task A_key_of_a_new_database_is_encrypted_from_the_beginning_and_is_unchanged_by_a_start_without_its_certificate()
    {
        var database = ("ConnectionStrings:Polls", Value: await postgres.EmptyDatabaseAsync());
        var migrated = await InProcessProgram.MigrateAsync(
            database, ("KeyRing:CertificateFile", certificates.Pem("right", "hidden")), ("KeyRing:Password", "hidden"));
        migrated.ExitCode.ShouldBe(0, migrated.Error + migrated.Output);
        var keys = await KeysAsync(database.Value);
        keys.ShouldHaveSingleItem().ShouldContain("<encryptedSecret");
        keys[0].ShouldNotContain("masterKey");

        foreach (var settings in new (string, string)[][] { [], [("KeyRing:CertificateFile", certificates.Pem("wrong"))] })
        {
            var refused = await InProcessProgram.MigrateAsync([database, .. settings]);
            refused.ExitCode.ShouldBe(1);
            refused.Output.ShouldContain("1 of 1 keys in data_protection_keys cannot be decrypted. Set KeyRing:CertificateFile");
            (await KeysAsync(database.Value)).ShouldBe(keys);
        }
    }

    [Fact]
    public void Certificates_that_cannot_be_used_are_named_with_the_reason()
    {
        var (pfx, pem) = (certificates.Pfx("pfx", "secret words"), certificates.Pem("pem", "secret words"));
        Complaints(new() { CertificateFile = pfx, OlderCertificateFiles = $"{pem}, {certificates.Pem("plain")}", Password = "secret words" }).ShouldBeEmpty();
        Complaints(new()).ShouldBeEmpty();

        var alone = certificates.Write("alone.pem", File.ReadAllText(pem)[..(File.ReadAllText(pem).IndexOf("-----END CERTIFICATE-----", StringComparison.Ordinal) + 25)]);
        foreach (var options in new KeyRingOptions[]
        {
            new() { CertificateFile = "/nowhere.pfx" }, new() { CertificateFile = pfx, Password = "other words" }, new() { CertificateFile = pem },
            new() { CertificateFile = alone }, new() { CertificateFile = certificates.Write("junk.pem", "junk") },
        })
        {
            var complaint = Complaints(options).ShouldHaveSingleItem();
            complaint.ShouldStartWith($"KeyRing:CertificateFile: '{options.CertificateFile}' cannot be used: ");
            complaint.ShouldContain("It must be a PFX or PEM file with an RSA certificate and its private key");
            complaint.ShouldNotContain("other words");
            Complaints(new() { OlderCertificateFiles = options.CertificateFile!, Password = options.Password })
                .ShouldHaveSingleItem().ShouldStartWith("KeyRing:OlderCertificateFiles: ");
        }
    }

    public void Dispose() => certificates.Dispose();

    private static IReadOnlyList<string> Complaints(KeyRingOptions options) =>
        [.. KeyRingCertificates.Load(options).Validate(null, options).Failures ?? []];

    private static async Task GoodAsync(TestApi api, CreatedRoom room) =>
        (await api.StateAsync(room.Code, room.HostToken)).Code.ShouldBe(room.Code);

    private static async Task<string[]> KeysAsync(string database)
    {
        await using var core = new TestCore(database);
        return await core.ReadAsync<string[]>("SELECT array_agg(xml ORDER BY friendly_name) FROM data_protection_keys");
    }
}
