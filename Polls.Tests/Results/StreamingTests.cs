using Polls.Api.Results;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Storage;
using Polls.Core.Tallies;

namespace Polls.Tests.Results;

/// <summary>No export takes more memory because a room has more votes.</summary>
public sealed class StreamingTests
{
    private const int Most = 100_000;

    [Fact]
    public Task Votes_of_a_workbook_are_written_while_they_are_read_and_none_is_kept() => ShouldStreamAsync(
        (to, source) => ResultsWorkbook.WriteAsync(to, source, default));

    [Fact]
    public Task Votes_of_a_table_are_written_while_they_are_read_and_none_is_kept() => ShouldStreamAsync(
        (to, source) => ResultsCsv.WriteVotesAsync(to, source, default));

    [Fact]
    public Task Votes_of_the_JSON_are_written_while_they_are_read_and_none_is_kept() => ShouldStreamAsync(
        (to, source) => ResultsJson.WriteAsync(to, new ExportedRoom("123456", "A room", RoomStatus.Open, DateTimeOffset.UnixEpoch, [], []), source, default));

    private static async Task ShouldStreamAsync(Func<Stream, ExportSource, Task> writeAsync)
    {
        using var to = new CountingStream();
        var (read, ahead, votes) = (0, 0L, new List<WeakReference>());
        async IAsyncEnumerable<ExportedVote> ReadAsync()
        {
            for (; read < Most; read++)
            {
                var vote = new ExportedVote { ParticipantId = Guid.NewGuid(), Choices = [0], Revision = read };
                if (read % 10_000 == 5_000)
                {
                    votes.Add(new WeakReference(vote));
                    // A random id has 16 bytes, however well a row is compressed.
                    ahead = Math.Max(ahead, (16L * read) - to.Written);
                }

                yield return vote;
            }

            await Task.CompletedTask;
        }

        var settings = new ChoiceSettings(1);
        string[] options = ["A", "B"];
        var poll = new PollResults(
            new PollView(
                Guid.NewGuid(), 1, 0, PollKind.SingleChoice, "Many?", options, PollState.Open, true, true, 1, PollSettings.Of(settings), null, null,
                null, new Tally(Guid.Empty, 1, [1, 0], 1)),
            []) { Texts = new PollTexts(options, settings) };
        await writeAsync(to, new([poll], _ => Task.FromResult<IReadOnlyList<ListedEntry>>([]), _ => ReadAsync()));

        read.ShouldBe(Most);
        ahead.ShouldBeLessThan(200_000, "what has been read is on its way before the next is read");
        GC.Collect();
        votes.SkipLast(1).ShouldAllBe(vote => !vote.IsAlive);
    }

    /// <summary>Counts and forgets.</summary>
    private sealed class CountingStream : Stream
    {
        public long Written { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Written += count;
    }
}
