using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Polls.Api.Backplane;
using Polls.Api.Instance;
using Polls.Api.LiveRooms;
using Polls.Core.Tallies;
using Polls.Tests.Servers;

namespace Polls.Tests.LiveRooms;

/// <summary>What an instance tells the others after it could not.</summary>
public sealed class RoomPublisherTests : IAsyncDisposable
{
    private readonly TestMetrics metrics = new();
    private readonly Carrier carrier = new();
    private readonly RoomPublisher publisher;
    private readonly Guid room = Guid.NewGuid();

    public RoomPublisherTests()
    {
        publisher = new RoomPublisher(
            carrier, carrier, Options.Create(new InstanceOptions { Id = "one" }), TimeProvider.System,
            new BackplaneMetrics(metrics.Registry, metrics.Loops), metrics.Loops, NullLogger<RoomPublisher>.Instance);
    }

    // Others that could send and receive all the time have no other reason to compare with PostgreSQL at once.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_could_not_be_published_is_told_as_a_change_when_the_carrier_is_back(bool isTally)
    {
        await publisher.StartAsync(default);
        if (isTally)
        {
            publisher.Publish(new TallyMoved(room, 1, new Tally(Guid.NewGuid(), 1, [1], 1), "7-1"));
        }
        else
        {
            publisher.PublishChange(room);
        }

        await Until.TrueAsync(() => carrier.Refused > 0, "the publisher tried");
        carrier.Sent.ShouldBeEmpty();
        carrier.ComesBack();
        await Until.TrueAsync(() => !carrier.Sent.IsEmpty, "a message");
        carrier.Sent.ShouldHaveSingleItem().ShouldBe(new RoomMessage(Changed: true));
    }

    public async ValueTask DisposeAsync()
    {
        await publisher.StopAsync(default);
        publisher.Dispose();
        metrics.Dispose();
    }

    /// <summary>Connects instances, except for this one until it comes back.</summary>
    private sealed class Carrier
        : IBackplane, IHubContext<RoomBackplane, IRoomBackplaneClient>, IHubClients<IRoomBackplaneClient>, IRoomBackplaneClient
    {
        private volatile bool isBack;
        private int refused;

        public event Action? MessagesMayBeMissing;

        public ConcurrentQueue<RoomMessage> Sent { get; } = [];

        public int Refused => Volatile.Read(ref refused);

        public BackplaneState State => isBack ? BackplaneState.Connected : BackplaneState.Disconnected;

        public bool CanSend
        {
            get
            {
                if (!isBack)
                {
                    Interlocked.Increment(ref refused);
                }

                return isBack;
            }
        }

        public string? LastError => null;

        public IHubClients<IRoomBackplaneClient> Clients => this;

        public IGroupManager Groups => throw new NotSupportedException();

        public IRoomBackplaneClient All => this;

        public void ComesBack()
        {
            isBack = true;
            MessagesMayBeMissing?.Invoke();
        }

        public Task RoomMoved(RoomMessage message)
        {
            Sent.Enqueue(message);
            return Task.CompletedTask;
        }

        public IRoomBackplaneClient Group(string groupName) => this;

        public IRoomBackplaneClient AllExcept(IReadOnlyList<string> excludedConnectionIds) => this;

        public IRoomBackplaneClient Client(string connectionId) => this;

        IRoomBackplaneClient IHubClients<IRoomBackplaneClient>.Clients(IReadOnlyList<string> connectionIds) => this;

        public IRoomBackplaneClient GroupExcept(string groupName, IReadOnlyList<string> excludedConnectionIds) => this;

        IRoomBackplaneClient IHubClients<IRoomBackplaneClient>.Groups(IReadOnlyList<string> groupNames) => this;

        public IRoomBackplaneClient User(string userId) => this;

        public IRoomBackplaneClient Users(IReadOnlyList<string> userIds) => this;
    }
}
