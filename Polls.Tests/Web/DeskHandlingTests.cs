using System.Collections.Concurrent;
using Microsoft.Playwright;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;
using Polls.Tests.Servers;

namespace Polls.Tests.Web;

/// <summary>Using the desk: keys, double clicks, dragging, mistakes, and a lost connection.</summary>
[Collection(nameof(HostPages))]
public sealed class DeskHandlingTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    [Theory]
    [InlineData("delete", "delete")]
    [InlineData("reset", "reset")]
    public async Task A_question_about_a_poll_that_another_host_has_removed_turns_to_no_other_poll(string question, string action)
    {
        var room = await Cluster.A.CreateRoomAsync(TestApi.Draft("First?"), TestApi.Draft("Second?"));
        var polls = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Select(poll => poll.Id).ToList();
        if (action == "reset")
        {
            await Cluster.A.DoAsync(room, polls[0], "open");
            await Cluster.A.DoAsync(room, polls[1], "open");
        }

        var desk = await DeskAsync(Cluster.A, room);
        // The desk may read the draft just when it is deleted.
        desk.Traffic.ExpectStatus(404);
        await desk.SelectAsync("First?");
        await desk.ShowsPollAsync("First?");
        await desk.ClickAsync(question);
        await desk.Dialog.WaitForAsync();
        if (action == "reset")
        {
            await Cluster.B.DoAsync(room, polls[0], "reset");
        }

        using (await Cluster.B.SendAsync(HttpMethod.Delete, $"/api/rooms/{room.Code}/polls/{polls[0]}", room.HostToken, null))
        {
        }

        await Assertions.Expect(desk.Dialog).ToHaveCountAsync(0);
        await desk.ListsAsync("Second?");
        (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Single().Id.ShouldBe(polls[1]);
    }

    [Fact]
    public async Task A_poll_that_is_deleted_while_a_new_order_is_on_its_way_is_deleted()
    {
        var room = await Cluster.A.CreateRoomAsync(TestApi.Draft("First?"), TestApi.Draft("Second?"), TestApi.Draft("Third?"));
        var desk = await DeskAsync(Cluster.A, room);
        // The desk may hear of the new order's versions later than of its success.
        desk.Traffic.ExpectStatus(412);
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await desk.Page.RouteAsync("**/polls/order", async route =>
        {
            await held.Task;
            await route.ContinueAsync();
        });
        await desk.SelectAsync("Second?");
        await desk.ShowsPollAsync("Second?");
        await desk.ClickAsync("changeOrder");
        await desk.ClickAsync("moveUp", "Second?");
        await desk.ListsAsync("Second?", "First?", "Third?");
        await desk.ClickAsync("moveDown", "First?");
        await desk.ListsAsync("Second?", "Third?", "First?");
        await desk.ClickAsync("delete");
        await desk.AgreeAsync("delete");
        held.SetResult();
        await desk.ListsAsync("Third?", "First?");
        (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Select(poll => poll.Question).ShouldBe(["Third?", "First?"]);
        await Assertions.Expect(desk.Page.Locator(".problem")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_words_of_an_open_poll_are_corrected_and_its_votes_stay()
    {
        var (room, poll) = await Cluster.OpenRoomAsync();
        var phone = await JoinedPhoneAsync(Cluster.B, room);
        await phone.VoteAsync("Option 2");
        await phone.CountedAsync("Option 2");
        var desk = await DeskAsync(Cluster.A, room);
        await desk.ShowsPollAsync("Which one?");
        await desk.ClickAsync("correct");
        await desk.Question.FillAsync("Which of them?");
        await desk.Page.Locator("#option-1").FillAsync("The second");
        (await desk.Button("addOption").CountAsync()).ShouldBe(0);
        (await desk.Page.Locator("#visibility, .option-do").CountAsync()).ShouldBe(0);
        await desk.IsSoundAsync();
        await desk.SaveAsync();
        await phone.SeesAsync("Which of them?");
        await phone.ChosenAsync("The second");
        await phone.ShowsTallyAsync(1, 0, 1, 0);
        var stored = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Single(one => one.Id == poll);
        (stored.Edition, stored.Options[1]).ShouldBe((1, "The second"));
    }

    [Fact]
    public async Task What_is_typed_while_a_correction_is_being_saved_is_a_correction_too()
    {
        var (room, poll) = await Cluster.OpenRoomAsync();
        var desk = await DeskAsync(Cluster.A, room);
        await desk.ShowsPollAsync("Which one?");
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await desk.Page.RouteAsync($"**/polls/{poll}", async route =>
        {
            if (route.Request.Method == "PUT")
            {
                await held.Task;
            }

            await route.ContinueAsync();
        });
        await desk.ClickAsync("correct");
        await desk.Question.FillAsync("Which of them?");
        await desk.ClickAsync("save");
        await desk.Question.FillAsync("Which of those?");
        held.SetResult();
        await desk.Button("save").WaitForAsync();
        await Assertions.Expect(desk.Page.Locator(".conflict")).ToHaveCountAsync(0);
        await desk.SaveAsync();
        (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Single().Question.ShouldBe("Which of those?");
    }

    [Fact]
    public async Task A_presenter_needs_only_the_keyboard_and_may_switch_its_shortcuts_off()
    {
        var room = await Cluster.A.CreateRoomAsync(TestApi.Draft("First?"), TestApi.Draft("Second?"));
        var desk = await DeskAsync(Cluster.A, room);
        await desk.ShowsPollAsync("First?");
        await desk.Page.Keyboard.PressAsync("n");
        await desk.ShowsPollAsync("Second?");
        await desk.HearsAsync("Second?");
        await desk.Page.Keyboard.PressAsync("p");
        await desk.ShowsPollAsync("First?");
        // A key that is pressed twice acts once.
        await desk.Page.EvaluateAsync("() => [1, 2].forEach(() => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'o', bubbles: true })))");
        await desk.ShowsStateAsync("open");
        await desk.SaysAsync("resultsShown");
        await desk.Page.EvaluateAsync("() => [1, 2].forEach(() => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'r', bubbles: true })))");
        await desk.SaysAsync("resultsHidden");
        await SettledAsync();
        await desk.Page.Keyboard.PressAsync("r");
        await desk.SaysAsync("resultsShown");
        await SettledAsync();
        await desk.Page.Keyboard.PressAsync("o");
        await desk.ShowsStateAsync("closed");
        await SettledAsync();
        // Like the button, it asks first.
        await desk.Page.Keyboard.PressAsync("o");
        await Assertions.Expect(desk.Dialog).ToContainTextAsync(desk.Text("reopenAsk"));
        await desk.ShowsStateAsync("closed");
        await desk.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(desk.Dialog).ToHaveCountAsync(0);

        await desk.WriteAsync(TestApi.Draft("nopor?", 2));
        await Assertions.Expect(desk.Question).ToHaveValueAsync("nopor?");
        await desk.SaveAsync();
        await desk.ListsAsync("First?", "Second?", "nopor?");
        await desk.SelectAsync("First?");
        await desk.ShowsStateAsync("closed");
        await desk.Page.Keyboard.PressAsync("?");
        await Assertions.Expect(desk.Dialog).ToContainTextAsync(desk.Text("keyResults"));
        await desk.Page.GetByLabel(desk.Text("shortcutsOn")).UncheckAsync();
        await desk.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(desk.Dialog).ToHaveCountAsync(0);
        await NothingHappensAsync();
        await desk.ReloadAsync();
        await desk.ShowsPollAsync("First?");
        await NothingHappensAsync();
        await desk.ChooseAsync("shortcuts");
        await desk.Page.GetByLabel(desk.Text("shortcutsOn")).CheckAsync();
        await desk.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(desk.Dialog).ToHaveCountAsync(0);
        await desk.Page.Keyboard.PressAsync("n");
        await desk.ShowsPollAsync("Second?");

        async Task NothingHappensAsync()
        {
            // What the desk reads by itself, such as after a reload, may come at any time.
            var commands = new ConcurrentQueue<string>();
            void Note(object? page, IRequest request)
            {
                if (request.Method != "GET")
                {
                    commands.Enqueue($"{request.Method} {request.Url}");
                }
            }

            desk.Page.Request += Note;
            foreach (var key in "nor?")
            {
                await desk.Page.Keyboard.PressAsync($"{key}");
            }

            // Keys take effect at once, so an effect would be visible by now.
            await desk.Page.EvaluateAsync("() => new Promise((told) => requestAnimationFrame(() => setTimeout(told)))");
            await desk.ShowsPollAsync("First?");
            (await desk.Dialog.CountAsync()).ShouldBe(0);
            desk.Page.Request -= Note;
            commands.ShouldBeEmpty();
        }

        Task SettledAsync() => Assertions.Expect(desk.Page.Locator(".actions-first .button")).Not.ToHaveAttributeAsync("aria-disabled", "true");
    }

    [Fact]
    public async Task Clicking_twice_does_everything_once()
    {
        var desk = await DeskAsync(Cluster.A);
        var title = $"Once {Guid.NewGuid():N}";
        await desk.Page.GetByLabel(desk.Text("roomTitle")).FillAsync(title);
        await desk.DoubleClickAsync("create");
        var room = await desk.RoomAsync();
        (await Cluster.CountAsync($"SELECT count(*) FROM rooms WHERE title = '{title}'")).ShouldBe(1);

        await desk.WriteAsync(TestApi.Draft("Just once?", 2));
        await desk.DoubleClickAsync("save");
        await desk.ShowsPollAsync("Just once?");
        await desk.ListsAsync("Just once?");
        await desk.ShowsStateAsync("draft");
        var poll = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.ShouldHaveSingleItem();
        poll.State.ShouldBe(PollState.Draft);

        await desk.DoubleClickAsync("openPoll");
        await desk.ShowsStateAsync("open");
        await Assertions.Expect(desk.Button("closePoll")).Not.ToHaveAttributeAsync("aria-disabled", "true");
        await desk.ShowsStateAsync("open");
        desk.Traffic.Addresses.Count(address => address.EndsWith("/open", StringComparison.Ordinal)).ShouldBe(1);
        desk.Traffic.Addresses.ShouldAllBe(address => !address.EndsWith("/close", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Input_survives_a_reload_and_errors_are_shown_at_their_fields()
    {
        var desk = await DeskAsync(Cluster.A);
        var room = await desk.StartRoomAsync("Writing");
        await Desk.ClickAsync(desk.Page.Locator(".inviting .button"));
        await desk.ClickAsync("save");
        await FaultAsync("#question", "badQuestion", await desk.NumberAsync(500));
        await desk.Question.FillAsync("Which of them?");
        await desk.ClickAsync("save");
        await FaultAsync("#option-0", "badOptions", await desk.NumberAsync(2), await desk.NumberAsync(200));
        await desk.TickAsync("custom");
        await desk.Page.Locator("#form-seconds").FillAsync("0");
        await FaultAsync("#form-seconds", "badSeconds", await desk.NumberAsync(86_400));
        await desk.Page.Locator("#form-seconds").FillAsync("90");
        await desk.TickAsync("multiple");
        foreach (var (at, text) in new[] { (0, "One"), (1, "Two") })
        {
            await desk.Page.Locator($"#option-{at}").FillAsync(text);
        }

        await desk.ClickAsync("addOption");
        await desk.Page.Locator("#option-2").FillAsync("Three");
        await desk.Page.Locator("#max-choices").SelectOptionAsync("2");
        await desk.Page.Locator("#visibility").SelectOptionAsync("hostOnly");

        await desk.ReloadAsync();
        await Assertions.Expect(desk.Question).ToHaveValueAsync("Which of them?");
        await Assertions.Expect(desk.Page.Locator("#option-2")).ToHaveValueAsync("Three");
        await Assertions.Expect(desk.Page.Locator("#max-choices")).ToHaveValueAsync("2");
        await Assertions.Expect(desk.Page.Locator("#visibility")).ToHaveValueAsync("hostOnly");
        await Assertions.Expect(desk.Page.Locator("#form-seconds")).ToHaveValueAsync("90");
        await desk.SaveAsync();

        await desk.ClickAsync("edit");
        await desk.Question.FillAsync("Which ones?");
        await desk.SaveAsync();
        await desk.ListsAsync("Which ones?");
        var poll = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.ShouldHaveSingleItem();
        (await AskAsync($"SELECT question, array_to_string(options, ' '), settings->>'maxChoices', visibility, duration_seconds FROM polls WHERE id = '{poll.Id}'"))
            .ShouldBe([$"Which ones?|One Two Three|2|{(int)ResultsVisibility.HostOnly}|90"]);
        await desk.ReloadAsync();
        await desk.ShowsPollAsync("Which ones?");

        async Task FaultAsync(string field, string textName, params string[] values)
        {
            await Assertions.Expect(desk.Page.Locator(field)).ToHaveAttributeAsync("aria-invalid", "true");
            await Assertions.Expect(desk.Page.Locator(field)).ToHaveAccessibleDescriptionAsync(desk.Text(textName, values));
            await Assertions.Expect(desk.Page.Locator(field)).ToBeFocusedAsync();
        }
    }

    [Fact]
    public async Task Without_a_connection_the_host_sees_a_message_until_the_connection_is_back()
    {
        var room = await Cluster.A.CreateRoomAsync(TestApi.Draft());
        var desk = await DeskAsync(Cluster.A, room);
        await desk.ShowsStateAsync("draft");
        await desk.LoseNetworkAsync();
        await desk.SaysAsync("connectionLost");
        await desk.ClickAsync("openPoll");
        await desk.SaysAsync("offline");
        await desk.HearsAsync(desk.Text("offline"));
        await desk.ShowsStateAsync("draft");
        (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].State.ShouldBe(PollState.Draft);

        await desk.FindNetworkAsync();
        await desk.SaysNoMoreAsync("connectionLost");
        await desk.SaysNoMoreAsync("offline");
        await desk.ShowsStateAsync("draft");

        // Another failure stays until the action succeeds.
        desk.Traffic.ExpectStatus(503);
        await desk.Page.RouteAsync("**/open", route => route.FulfillAsync(
            new() { Status = 503, ContentType = "application/problem+json", Body = """{"status":503,"code":"busy"}""" }));
        await desk.ClickAsync("openPoll");
        await desk.SaysAsync("busy");
        await desk.Page.UnrouteAsync("**/open");
        await desk.ClickAsync("retry");
        await desk.ShowsStateAsync("open");
        await desk.SaysNoMoreAsync("busy");
    }

    [Fact]
    public async Task Polls_are_put_in_order_by_dragging_them()
    {
        var room = await Cluster.A.CreateRoomAsync(TestApi.Draft("First?"), TestApi.Draft("Second?"), TestApi.Draft("Third?"));
        var desk = await DeskAsync(Cluster.A, room);
        await desk.ListsAsync("First?", "Second?", "Third?");
        await desk.DragAsync("First?", onto: "Third?");
        await desk.ListsAsync("Second?", "Third?", "First?");
        await desk.HearsAsync(desk.Text("moved", "First?", "3", "3"));
        await StoredAsync("Second?", "Third?", "First?");
        await desk.DragAsync("First?", onto: "Third?");
        await desk.ListsAsync("Second?", "First?", "Third?");
        await StoredAsync("Second?", "First?", "Third?");

        var orders = Orders();
        await desk.DragAsync("First?", onto: "First?");
        await desk.SelectAsync("Second?");
        await desk.ListsAsync("Second?", "First?", "Third?");
        Orders().ShouldBe(orders);
        await desk.ReloadAsync();
        await desk.ListsAsync("Second?", "First?", "Third?");

        int Orders() => desk.Traffic.Addresses.Count(address => address.EndsWith("/order", StringComparison.Ordinal));
        Task StoredAsync(params string[] questions) => Until.TrueAsync(
            async () => (await Cluster.B.StateAsync(room.Code, room.HostToken)).Polls.Select(poll => poll.Question).SequenceEqual(questions),
            "the new order is stored");
    }
}
