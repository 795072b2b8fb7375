using System.Net;
using Polls.Api.Accounts;
using Polls.AppHost;
using Polls.AppHost.Processes;
using Polls.Tests.Clients;
using Polls.Tests.Servers;
using Polls.Tests.Storage;

namespace Polls.Tests.Accounts;

/// <summary>
/// Who may create rooms and register, depending on the settings; and the account commands of the command line.
/// </summary>
[Collection(nameof(SharedPostgres))]
public sealed class AccountSettingsTests(SharedPostgres postgres, DifferentlySetInstances instances) : IClassFixture<DifferentlySetInstances>
{
    [Fact]
    public async Task If_only_accounts_may_create_rooms_others_are_refused()
    {
        var api = instances.OnlyAccountsMakeRooms;
        (await api.SendAsync<AccountSettings>(HttpMethod.Get, "/api/accounts/settings")).ShouldBe(new AccountSettings("accounts", "anyone"));
        (await api.RefusalAsync(HttpMethod.Post, "/api/rooms", null, new { title = "A room" })).ShouldBe((HttpStatusCode.Unauthorized, "auth.required"));
        var room = await api.CreateRoomAsAsync((await api.RegisterAsync()).AccessToken);
        (await api.RefusalAsync(HttpMethod.Post, "/api/rooms", room.HostToken, new { title = "A room" })).ShouldBe((HttpStatusCode.Unauthorized, "auth.required"));
        await api.JoinAsync(room.Code);
    }

    [Fact]
    public async Task If_registration_needs_an_invitation_each_one_creates_one_account()
    {
        var api = instances.OnlyInvitedRegister;
        (await RegisterAsync(api, null)).ShouldBe((HttpStatusCode.Gone, "invitation.notGood"));
        // A process, as operators run it.
        var fromOutside = await Tool.RunAsync("dotnet", [ApiAssembly.Find(), "accounts", "invite"], environment: new Dictionary<string, string>
        {
            ["ConnectionStrings__Polls"] = postgres.Cluster.Postgres.ConnectionString,
        });
        fromOutside.ExitCode.ShouldBe(0, fromOutside.Error);
        var first = await api.RegisterAsync(invitation: Printed(fromOutside));
        (await RegisterAsync(api, Printed(fromOutside))).ShouldBe((HttpStatusCode.Gone, "invitation.notGood"), "the invitation was used");

        var link = await api.SendAsync<InvitationLink>(HttpMethod.Post, "/api/accounts/invitations", first.AccessToken);
        link.Link.AbsoluteUri.ShouldEndWith($"/host#register={link.Invitation}");
        (await api.RefusalAsync(HttpMethod.Post, "/api/accounts/register", null, new { email = TestApi.NewEmail(), password = "short", invitation = link.Invitation }))
            .ShouldBe((HttpStatusCode.BadRequest, "account.badPassword"), "which does not use the invitation up");
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => RegisterAsync(api, link.Invitation)));
        answers.Count(answer => answer.Code is null).ShouldBe(1);
        answers.Count(answer => answer == (HttpStatusCode.Gone, "invitation.notGood")).ShouldBe(2);

        var late = await api.SendAsync<InvitationLink>(HttpMethod.Post, "/api/accounts/invitations", first.AccessToken);
        await postgres.Cluster.Postgres.ExecuteAsync($"UPDATE account_invitations SET expires_at = clock_timestamp() WHERE id = '{late.Id}'");
        (await RegisterAsync(api, late.Invitation)).ShouldBe((HttpStatusCode.Gone, "invitation.notGood"));
    }

    [Fact]
    public async Task If_registration_is_disabled_existing_accounts_can_sign_in()
    {
        var email = TestApi.NewEmail();
        var account = (await instances.OnlyAccountsMakeRooms.RegisterAsync(email)).AccessToken;
        var api = instances.NobodyRegisters;
        var invitation = Printed(await RunAsync("accounts", "invite"));
        (await RegisterAsync(api, invitation)).ShouldBe((HttpStatusCode.Forbidden, "account.registrationClosed"));
        (await api.RefusalAsync(HttpMethod.Post, "/api/accounts/invitations", account)).ShouldBe((HttpStatusCode.Forbidden, "account.registrationClosed"));
        await api.SignInAsync(email);
    }

    [Fact]
    public async Task A_password_and_a_second_factor_can_be_reset_on_the_command_line()
    {
        var email = TestApi.NewEmail();
        var api = instances.OnlyAccountsMakeRooms;
        var (_, state) = await AuthenticatorApp.SetUpAsync(api, (await api.RegisterAsync(email)).AccessToken);
        var reset = await RunAsync("accounts", "reset", email);
        reset.ExitCode.ShouldBe(0, reset.Error);
        (await api.RefusalAsync(HttpMethod.Post, "/api/accounts/refresh", null, new { refreshToken = state.Tokens!.RefreshToken }))
            .ShouldBe((HttpStatusCode.Unauthorized, "auth.required"));
        (await api.RefusalAsync(HttpMethod.Post, "/api/accounts/login", null, new { email, password = TestApi.Password })).Code.ShouldBe("account.signInFailed");
        var tokens = await api.SignInAsync(email, Printed(reset));

        var room = await api.CreateRoomAsAsync(tokens.AccessToken);
        (await RunAsync("accounts", "delete", email)).ExitCode.ShouldBe(0);
        (await api.RefusalAsync(HttpMethod.Get, "/api/accounts/rooms", tokens.AccessToken)).ShouldBe((HttpStatusCode.Unauthorized, "auth.required"));
        (await api.RefusalAsync(HttpMethod.Get, $"/api/rooms/{room.Code}")).Code.ShouldBeNull("the room stays");
        (await RunAsync("accounts", "reset", email)).ExitCode.ShouldBe(1);
        var unknown = await RunAsync("accounts", "whatever");
        unknown.ExitCode.ShouldBe(2);
        unknown.Error.ShouldContain("accounts invite");
    }

    private static Task<(HttpStatusCode Status, string? Code)> RegisterAsync(TestApi api, string? invitation) => api.RefusalAsync(
        HttpMethod.Post, "/api/accounts/register", null, new { email = TestApi.NewEmail(), password = TestApi.Password, invitation });

    private Task<ToolResult> RunAsync(params string[] command) =>
        InProcessProgram.RunAsync(command, ("ConnectionStrings:Polls", postgres.Cluster.Postgres.ConnectionString));

    // The other lines are the log.
    private static string Printed(ToolResult result) =>
        result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '{').ShouldHaveSingleItem();
}

/// <summary>Instances with different settings on one database.</summary>
public sealed class DifferentlySetInstances(SharedPostgres postgres) : IAsyncLifetime
{
    private readonly List<InProcessInstance> instances = [];
    private readonly List<TestApi> apis = [];

    internal TestApi OnlyAccountsMakeRooms => apis[0];

    internal TestApi OnlyInvitedRegister => apis[1];

    internal TestApi NobodyRegisters => apis[2];

    public async Task InitializeAsync()
    {
        foreach (var setting in new[] { ("Accounts:MayCreateRooms", "accounts"), ("Accounts:MayRegister", "invited"), ("Accounts:MayRegister", "nobody") })
        {
            instances.Add(await postgres.InstanceAsync(setting));
            apis.Add(new TestApi(instances[^1].Address));
        }
    }

    public async Task DisposeAsync()
    {
        apis.ForEach(api => api.Dispose());
        foreach (var instance in instances)
        {
            await instance.DisposeAsync();
        }
    }
}
