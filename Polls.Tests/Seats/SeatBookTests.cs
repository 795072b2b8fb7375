using System.Globalization;
using Polls.Core;
using Polls.Core.Audit;
using Polls.Core.Rooms;
using Polls.Core.Seats;
using Polls.Core.Storage;
using Polls.Tests.Storage;

namespace Polls.Tests.Seats;

/// <summary>One seat code, one voter, even with concurrent requests.</summary>
[Collection(nameof(SharedPostgres))]
public sealed class SeatBookTests(SharedPostgres postgres)
{
    [Theory]
    [InlineData("ABCD-EFGH", "ABCDEFGH")]
    [InlineData(" abcd efgh ", "ABCDEFGH")]
    [InlineData("o1iL-0000", "01110000")]
    [InlineData("ABCD-EFG", null)]
    [InlineData("ABCD-EFGHJ", null)]
    [InlineData("ABCD-EFGU", null)]
    [InlineData("ÄBCD-EFGH", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_code_is_parsed_in_all_forms_in_which_people_type_it(string? typed, string? code) => SeatCode.Read(typed).ShouldBe(code);

    [Fact]
    public void A_drawn_code_reads_back_as_it_is_shown()
    {
        var codes = Enumerable.Range(0, 1_000).Select(_ => SeatCode.Draw()).ToList();
        codes.ShouldBeUnique();
        codes.ShouldAllBe(code => SeatCode.Read(SeatCode.Show(code)) == code);
    }

    [Fact]
    public async Task Of_many_concurrent_joins_with_one_code_one_succeeds()
    {
        await using var core = postgres.Core();
        var room = await RoomAsync(core);
        var seats = (await core.Seats.AddAsync(room, 2, Actor.Host, default)).ShouldSucceed();
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => core.Seats.JoinAsync(room, null, seats[i % 2].Code, null, default)));
        answers.Count(answer => answer.Refusal is null).ShouldBe(2);
        answers.Where(answer => answer.Refusal is not null).ShouldAllBe(answer => answer.Refusal == Refusals.SeatTaken);
        (await core.ReadAsync<long>($"SELECT count(*) FROM participants WHERE room_id = '{room}'")).ShouldBe(2);
        (await core.Seats.ListAsync(room, default)).ShouldAllBe(seat => seat.TakenAt != null);
    }

    [Fact]
    public async Task A_join_retried_after_a_lost_response_is_the_same_voter()
    {
        await using var core = postgres.Core();
        var room = await RoomAsync(core);
        var seats = (await core.Seats.AddAsync(room, 2, Actor.Host, default)).ShouldSucceed();
        var (mine, foreign) = (Guid.NewGuid(), Guid.NewGuid());
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => core.Seats.JoinAsync(room, "Ann", seats[0].Code, mine, default)));
        var ann = answers.Select(answer => answer.ShouldSucceed()).Distinct().ShouldHaveSingleItem();
        (await core.Seats.JoinAsync(room, null, seats[0].Code, foreign, default)).Refusal.ShouldBe(Refusals.SeatTaken);
        (await core.Seats.JoinAsync(room, null, seats[0].Code, null, default)).Refusal.ShouldBe(Refusals.SeatTaken);
        (await core.Seats.JoinAsync(room, null, seats[0].Code, Guid.Empty, default)).Refusal.ShouldBe(Refusals.SeatTaken);
        (await core.ReadAsync<long>($"SELECT count(*) FROM participants WHERE room_id = '{room}'")).ShouldBe(1);

        // Another code is another voter; and nothing stored is the secret, or equal in both tables.
        (await core.Seats.JoinAsync(room, null, seats[1].Code, mine, default)).ShouldSucceed().ShouldNotBe(ann);
        (await core.ReadAsync<long>(
            $"SELECT count(*) FROM seats WHERE room_id = '{room}' AND taken_by IN (SELECT id FROM participants UNION SELECT '{mine}'::uuid)")).ShouldBe(0);
    }

    [Fact]
    public async Task Joining_without_a_code_of_this_room_is_refused_and_nothing_is_stored()
    {
        await using var core = postgres.Core();
        var (room, other) = (await RoomAsync(core), await RoomAsync(core));
        var elsewhere = (await core.Seats.AddAsync(other, 1, Actor.Host, default)).ShouldSucceed()[0].Code;
        (await core.Seats.JoinAsync(room, null, null, null, default)).Refusal.ShouldBe(Refusals.SeatRequired);
        (await core.Seats.JoinAsync(room, null, "  ", null, default)).Refusal.ShouldBe(Refusals.SeatRequired);
        (await core.Seats.JoinAsync(room, null, "no code", null, default)).Refusal.ShouldBe(Refusals.SeatUnknown);
        (await core.Seats.JoinAsync(room, null, elsewhere, null, default)).Refusal.ShouldBe(Refusals.SeatUnknown);
        (await core.Seats.JoinAsync(other, new string('x', 99), elsewhere, null, default)).Refusal!.Code.ShouldBe("participant.badNickname");
        (await core.ReadAsync<long>($"SELECT count(*) FROM participants WHERE room_id IN ('{room}', '{other}')")).ShouldBe(0);
        (await core.Seats.JoinAsync(other, "Ann", elsewhere, null, default)).ShouldSucceed();
    }

    [Fact]
    public async Task A_room_that_has_ended_accepts_no_seat_code_and_creates_none()
    {
        await using var core = postgres.Core();
        var room = await RoomAsync(core);
        var code = (await core.Seats.AddAsync(room, 1, Actor.Host, default)).ShouldSucceed()[0].Code;
        (await core.Rooms.EndAsync(room, default)).ShouldSucceed();
        (await core.Seats.JoinAsync(room, null, code, null, default)).Refusal.ShouldBe(Refusals.RoomEnded);
        (await core.Seats.ListAsync(room, default)).Single().TakenAt.ShouldBeNull();
        (await core.Seats.AddAsync(room, 1, Actor.Host, default)).Refusal.ShouldBe(Refusals.RoomEnded);
    }

    [Fact]
    public async Task After_the_room_has_ended_the_rows_do_not_show_in_which_order_codes_were_used()
    {
        await using var core = postgres.Core();
        var room = await RoomAsync(core);
        var codes = (await core.Seats.AddAsync(room, 8, Actor.Host, default)).ShouldSucceed().Select(seat => seat.Code).Order(StringComparer.Ordinal).ToList();
        foreach (var code in (string[])[codes[5], codes[1], codes[6], codes[0]])
        {
            (await core.Seats.JoinAsync(room, null, code, Guid.NewGuid(), default)).ShouldSucceed();
        }

        const string Taken = "FROM seats WHERE room_id = '{0}' AND taken_at IS NOT NULL";
        (await core.ReadAsync<long>("SELECT count(DISTINCT xmin::text) " + string.Format(CultureInfo.InvariantCulture, Taken, room))).ShouldBe(4);
        (await core.Rooms.EndAsync(room, default)).ShouldSucceed();
        (await core.ReadAsync<long>("SELECT count(DISTINCT xmin::text) " + string.Format(CultureInfo.InvariantCulture, Taken, room))).ShouldBe(1);
        (await core.ReadAsync<string>("SELECT string_agg(code, ' ' ORDER BY ctid) " + string.Format(CultureInfo.InvariantCulture, Taken, room)))
            .ShouldBe(string.Join(' ', codes[0], codes[1], codes[5], codes[6]));
        (await core.ReadAsync<long>($"SELECT count(*) FROM seats WHERE room_id = '{room}' AND (taken_by IS NOT NULL OR taken_at <> date_trunc('day', taken_at, 'UTC'))")).ShouldBe(0);
        (await core.Seats.ListAsync(room, default)).Count.ShouldBe(8);
    }

    [Fact]
    public async Task Which_codes_are_used_is_told_for_five_at_once_also_when_the_room_ends()
    {
        await using var core = postgres.Core();
        var room = await RoomAsync(core);
        var codes = (await core.Seats.AddAsync(room, 9, Actor.Host, default)).ShouldSucceed().Select(seat => seat.Code).ToList();
        async Task<(int Used, int Told)> AfterJoiningAsync(params int[] seats)
        {
            await Task.WhenAll(seats.Select(async i => (await core.Seats.JoinAsync(room, null, codes[i], null, default)).ShouldSucceed()));
            var lists = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => core.Seats.ListAsync(room, default)));
            lists.ShouldAllBe(list => list.Count(seat => seat.Told) == lists[0].Count(seat => seat.Told));
            lists[0].Where(seat => seat.Told).ShouldAllBe(seat => seat.TakenAt != null);
            return (lists[0].Count(seat => seat.TakenAt != null), lists[0].Count(seat => seat.Told));
        }

        (await AfterJoiningAsync(7)).ShouldBe((1, 0));
        (await AfterJoiningAsync(0, 3, 5)).ShouldBe((4, 0));
        (await AfterJoiningAsync(1)).ShouldBe((5, 5));
        (await AfterJoiningAsync(2, 4)).ShouldBe((7, 5));
        (await core.Rooms.EndAsync(room, default)).ShouldSucceed();
        (await AfterJoiningAsync()).ShouldBe((7, 5), "ending the room after one person has joined would show that person's code");
    }

    [Fact]
    public async Task Codes_have_numbers_of_their_own_and_bounds()
    {
        await using var core = postgres.Core();
        var room = await RoomAsync(core);
        (await core.Seats.AddAsync(room, 0, Actor.Host, default)).Refusal.ShouldBe(Refusals.SeatBadCount);
        (await core.Seats.AddAsync(room, SeatBook.MostAtOnce + 1, Actor.Host, default)).Refusal.ShouldBe(Refusals.SeatBadCount);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ => (await core.Seats.AddAsync(room, SeatBook.MostAtOnce, Actor.Host, default)).ShouldSucceed()));
        (await core.Seats.AddAsync(room, 1, Actor.Host, default)).Refusal.ShouldBe(Refusals.SeatTooMany);
        (await core.Seats.ListAsync(room, default)).Select(seat => seat.Number).ShouldBe(Enumerable.Range(1, SeatBook.MostInRoom));

        var devices = (await core.Rooms.CreateAsync("A room", [], default)).ShouldSucceed();
        (await core.Seats.AddAsync(devices.Id, 1, Actor.Host, default)).Refusal.ShouldBe(Refusals.SeatNotWanted);
    }

    private static async Task<Guid> RoomAsync(TestCore core) =>
        (await core.Rooms.CreateAsync("A room", [], new RoomSettings(Assurance.SeatCode), default)).ShouldSucceed().Id;
}
