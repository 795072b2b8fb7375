using System.Net;
using Microsoft.Playwright;
using Polls.Api.Rooms;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;
using Polls.Tests.Servers;

namespace Polls.Tests.Web;

/// <summary>Joining rooms without names, full rooms and rooms for accounts: the messages and the layout.</summary>
[Collection(nameof(PhonePages))]
public sealed class JoinTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    private readonly Flaws flaws = new();

    public static TheoryData<Look> Looks => new(new Look(320, 568), new Look(390, 844, Dark: true, "fr"), new Look(320, 568, Language: "ar"));

    [Fact]
    public async Task A_room_without_names_does_not_ask_for_one_and_says_so()
    {
        var desk = await DeskAsync(Cluster.A);
        await desk.Page.GetByLabel(desk.Text("anonymous")).CheckAsync();
        var room = await desk.StartRoomAsync("Feedback");
        (await Cluster.B.SendAsync<RoomSummary>(HttpMethod.Get, $"/api/rooms/{room.Code}")).Anonymous.ShouldBeTrue();

        // This person has entered a name in another room, which is not sent.
        var phone = await JoinedPhoneAsync(Cluster.B, await Cluster.A.CreateRoomAsync());
        await phone.Page.EvaluateAsync("() => localStorage.setItem('polls.nickname', JSON.stringify('Ann'))");
        string? sent = null;
        phone.Page.Request += (_, request) => sent = request.Url.EndsWith("/participants", StringComparison.Ordinal) ? request.PostData : sent;
        await phone.GoAsync($"/r/{room.Code}");
        await phone.SaysAsync("noNames");
        await Assertions.Expect(phone.Page.GetByLabel(phone.Text("nickname"))).ToHaveCountAsync(0);
        await phone.JoinAsync();
        sent.ShouldBe("{}");
        (await AskAsync($"SELECT coalesce(nickname, '-') FROM participants p JOIN rooms r ON r.id = p.room_id WHERE r.code = '{room.Code}'")).ShouldBe(["-"]);

        // In another room the name is still stored, and requested.
        await phone.GoAsync($"/r/{(await Cluster.A.CreateRoomAsync()).Code}");
        await Assertions.Expect(phone.Page.GetByLabel(phone.Text("nickname"))).ToHaveValueAsync("Ann");
    }

    [Fact]
    public async Task The_work_of_the_pages_is_what_the_contract_asks_for() => await PageChecks.ShouldFindNothingAsync("work.mjs");

    [Fact]
    public async Task Under_a_flood_from_its_address_a_phone_works_unseen_and_joins()
    {
        await using var instance = await InProcessInstance.StartAsync(
            ("ConnectionStrings:Polls", Cluster.Cluster.Postgres.ConnectionString), ("Limits:Enabled", "true"), ("Limits:NewDevice:Burst", "1"),
            ("Limits:NewDevice:PerSecond", "0.001"));
        using var api = new TestApi(instance.Address);
        var room = await api.CreateRoomAsync();
        await api.JoinAsync(room.Code);

        var phone = await PhoneAsync(api, $"/r/{room.Code}");
        phone.Traffic.ExpectStatus(429);
        // The instance ends before the page.
        phone.Traffic.ExpectBrokenConnections();
        var bodies = new List<string?>();
        phone.Page.Request += (_, request) =>
        {
            if (request.Url.EndsWith("/participants", StringComparison.Ordinal)) bodies.Add(request.PostData);
        };
        await phone.JoinAsync("Ann");
        bodies.Count.ShouldBe(2);
        bodies[0].ShouldBe("""{"nickname":"Ann"}""");
        bodies[1].ShouldStartWith("""{"nickname":"Ann","work":{"challenge":""");
    }

    [Theory]
    [InlineData("/482913")]
    [InlineData("/join/482913")]
    [InlineData("/r/482913/extra")]
    public async Task A_mistyped_address_leads_to_the_code_box_with_the_code_in_it(string address)
    {
        var phone = await NewPhoneAsync(Cluster.A, Look.Phone);
        phone.Traffic.ExpectStatus(404);
        await phone.GoAsync(address);
        await Assertions.Expect(phone.Page.GetByRole(AriaRole.Textbox)).ToHaveValueAsync("482913");
        // Programs still get a problem.
        (await Cluster.A.RefusalAsync(HttpMethod.Get, address)).ShouldBe((HttpStatusCode.NotFound, "notFound"));
    }

    [Fact]
    public async Task The_case_of_a_typed_address_does_not_matter()
    {
        var room = await Cluster.A.CreateRoomAsync();
        var phone = await PhoneAsync(Cluster.A, $"/R/{room.Code}");
        await phone.JoinAsync();
        await phone.SaysAsync("waiting");
    }

    [Fact]
    public async Task Rooms_ask_for_names_by_default()
    {
        var desk = await DeskAsync(Cluster.A);
        await Assertions.Expect(desk.Page.GetByLabel(desk.Text("anonymous"))).Not.ToBeCheckedAsync();
        var room = await desk.StartRoomAsync("Names");
        var phone = await PhoneAsync(Cluster.B, $"/r/{room.Code}");
        await phone.Page.GetByLabel(phone.Text("nickname")).WaitForAsync();
        await phone.SaysNoMoreAsync("noNames");
    }

    [Fact]
    public async Task A_full_room_shows_a_message_and_joining_can_be_repeated()
    {
        var room = await Cluster.A.CreateRoomAsync();
        var phone = await PhoneAsync(Cluster.A, $"/r/{room.Code}");
        phone.Traffic.ExpectStatus(409);
        var full = true;
        await IsFullAsync(phone, () => full);
        await phone.JoinButton.TapAsync();
        await phone.SaysAsync("roomFull");
        await Assertions.Expect(phone.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync(phone.Text("roomFull"));
        full = false;
        await phone.JoinAsync();
        await phone.SaysAsync("waiting");
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Every_way_to_join_fits_a_phone_and_is_accessible(Look look)
    {
        ArgumentNullException.ThrowIfNull(look);
        var phone = await PhoneAsync(Cluster.A, "/", look);
        phone.Traffic.ExpectStatus(409);
        var members = await Cluster.A.CreateRoomAsync("account", LongTexts.Title);
        await phone.GoAsync($"/r/{members.Code}");
        await phone.SaysAsync("accountNeeded");
        await InspectAsync("an account is needed");
        await phone.SignInAsync(TestApi.NewEmail(), register: true);
        await phone.SaysAsync("notYou");
        await InspectAsync("signed in");

        var feedback = await Cluster.A.SendAsync<CreatedRoom>(HttpMethod.Post, "/api/rooms", null, new { title = "Feedback", anonymous = true });
        await phone.GoAsync($"/r/{feedback.Code}");
        await phone.SaysAsync("noNames");
        await InspectAsync("no names");
        await IsFullAsync(phone, () => true);
        await phone.JoinButton.TapAsync();
        await phone.SaysAsync("roomFull");
        await InspectAsync("full");
        flaws.ShouldBeNone();

        Task InspectAsync(string state) => flaws.InspectAsync(state, phone, [look]);
    }

    // A simulated response; RoomCapacityTests has a room that is really full.
    private static async Task IsFullAsync(Phone phone, Func<bool> full) => await phone.Page.RouteAsync("**/participants", route => full()
        ? route.FulfillAsync(new() { Status = 409, ContentType = "application/problem+json", Body = """{"status":409,"code":"room.full"}""" })
        : route.ContinueAsync());
}
