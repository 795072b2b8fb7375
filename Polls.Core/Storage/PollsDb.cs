using Microsoft.EntityFrameworkCore;

namespace Polls.Core.Storage;

/// <summary>
/// The EF Core model of all stored data. Rules that must always hold are database constraints. Every transaction locks
/// rows in the same order: polls by id, then votes, entries, tallies, rooms.
/// </summary>
public sealed class PollsDb(DbContextOptions<PollsDb> options) : DbContext(options)
{
    /// <summary>Rooms, live and ended.</summary>
    public DbSet<RoomRow> Rooms => Set<RoomRow>();

    /// <summary>Polls of all rooms.</summary>
    public DbSet<PollRow> Polls => Set<PollRow>();

    /// <summary>One tally per poll.</summary>
    public DbSet<TallyRow> Tallies => Set<TallyRow>();

    /// <summary>All participants who ever joined a room.</summary>
    public DbSet<ParticipantRow> Participants => Set<ParticipantRow>();

    /// <summary>One vote per participant and poll.</summary>
    public DbSet<VoteRow> Votes => Set<VoteRow>();

    /// <summary>What people added to polls.</summary>
    public DbSet<EntryRow> Entries => Set<EntryRow>();

    /// <summary>Seat codes of rooms that use them.</summary>
    public DbSet<SeatRow> Seats => Set<SeatRow>();

    /// <summary>Participants whose votes were discarded together.</summary>
    public DbSet<DiscardRow> Discards => Set<DiscardRow>();

    /// <summary>The votes of discarded participants.</summary>
    public DbSet<DiscardedVoteRow> DiscardedVotes => Set<DiscardedVoteRow>();

    /// <summary>Participants whose votes are discarded.</summary>
    public DbSet<DiscardedParticipantRow> DiscardedParticipants => Set<DiscardedParticipantRow>();

    /// <summary>Actions in rooms.</summary>
    public DbSet<AuditRow> Audit => Set<AuditRow>();

    /// <summary>The key ring.</summary>
    public DbSet<DataProtectionKeyRow> DataProtectionKeys => Set<DataProtectionKeyRow>();

    /// <summary>Accounts of hosts.</summary>
    public DbSet<AccountRow> Accounts => Set<AccountRow>();

    /// <summary>Where accounts are signed in.</summary>
    public DbSet<AccountSessionRow> AccountSessions => Set<AccountSessionRow>();

    /// <summary>Invitations to register where registration is not open.</summary>
    public DbSet<AccountInvitationRow> AccountInvitations => Set<AccountInvitationRow>();

    /// <summary>Co-hosts: accounts that host a room of another account.</summary>
    public DbSet<RoomHostRow> RoomHosts => Set<RoomHostRow>();

    /// <summary>Invitations to become a co-host.</summary>
    public DbSet<HostInvitationRow> HostInvitations => Set<HostInvitationRow>();

    /// <summary>
    /// The epoch of the store, for use in queries. Versions can go back only when it changes
    /// (<c>Migrations/20261121000000_Initial.StoreEpoch.sql</c>).
    /// </summary>
    public static string StoreEpoch() => throw new NotSupportedException("For queries only.");

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDbFunction(() => StoreEpoch()).HasName("store_epoch_v1");
        AccountModel.Build(modelBuilder);
        modelBuilder.Entity<RoomRow>(room =>
        {
            room.ToTable("rooms", table =>
            {
                table.HasCheckConstraint("ck_rooms_code", "code ~ '^[0-9]{6}$'");
                table.HasCheckConstraint("ck_rooms_assurance", "assurance BETWEEN 0 AND 3");
            });
            room.Property(r => r.Assurance).HasConversion<short>();
            room.HasKey(r => r.Id).HasName("pk_rooms");
            room.HasIndex(r => r.Code).IsUnique().HasFilter("ended_at IS NULL").HasDatabaseName("ux_rooms_live_code");
            room.HasIndex(r => new { r.Code, r.CreatedAt }).HasDatabaseName("ix_rooms_code_created_at");
            room.HasIndex(r => r.EndedAt).HasFilter("ended_at IS NOT NULL").HasDatabaseName("ix_rooms_ended_at");
            room.HasMany(r => r.Polls).WithOne().HasForeignKey(p => p.RoomId).HasConstraintName("fk_polls_rooms");
            room.HasIndex(r => new { r.OwnerId, r.Id }).HasDatabaseName("ix_rooms_owner_id_id");
            room.HasOne<AccountRow>().WithMany().HasForeignKey(r => r.OwnerId)
                .OnDelete(DeleteBehavior.SetNull).HasConstraintName("fk_rooms_accounts");
        });

        modelBuilder.Entity<PollRow>(poll =>
        {
            poll.ToTable("polls", table =>
            {
                table.HasCheckConstraint("ck_polls_options", "cardinality(options) <= 20");
                table.HasCheckConstraint("ck_polls_settings", "octet_length(settings::text) <= 8192");
                table.HasCheckConstraint("ck_polls_state", "state BETWEEN 0 AND 2");
            });
            poll.HasKey(p => p.Id).HasName("pk_polls");
            poll.Ignore(p => p.Content);
            poll.Property(p => p.Kind).HasConversion<short>();
            poll.Property(p => p.Settings).HasColumnType("jsonb");
            poll.Property(p => p.State).HasConversion<short>();
            poll.Property(p => p.Visibility).HasConversion<short>();
            poll.HasIndex(p => new { p.RoomId, p.Position }).HasDatabaseName("ix_polls_room_id_position");
            poll.HasIndex(p => p.ClosesAt)
                .HasFilter("state = 1 AND closes_at IS NOT NULL").HasDatabaseName("ix_polls_due");
            poll.HasOne(p => p.Tally)
                .WithOne()
                .HasForeignKey<TallyRow>(t => t.PollId)
                .HasConstraintName("fk_tallies_polls");
        });

        modelBuilder.Entity<TallyRow>(tally =>
        {
            tally.ToTable("tallies", table =>
            {
                table.HasCheckConstraint("ck_tallies_cells", "cardinality(counts) <= 256");
                table.HasCheckConstraint("ck_tallies_counts", "0 <= ALL (counts)");
                table.HasCheckConstraint("ck_tallies_voters", "voters >= 0");
            });
            tally.HasKey(t => t.PollId).HasName("pk_tallies");
            // Every batch of votes updates this row. Free space on its page keeps each update a heap-only one.
            tally.HasStorageParameter("fillfactor", 20);
        });

        modelBuilder.Entity<ParticipantRow>(participant =>
        {
            participant.ToTable("participants");
            participant.HasKey(p => p.Id).HasName("pk_participants");
            participant.HasIndex(p => p.RoomId).HasDatabaseName("ix_participants_room_id");
            participant.HasOne<RoomRow>()
                .WithMany()
                .HasForeignKey(p => p.RoomId)
                .HasConstraintName("fk_participants_rooms");
        });

        modelBuilder.Entity<EntryRow>(entry =>
        {
            entry.ToTable("entries", table => table.HasCheckConstraint("ck_entries_count", "count >= 0"));
            entry.HasKey(e => new { e.PollId, e.N }).HasName("pk_entries");
            entry.Property(e => e.N).ValueGeneratedNever();
            entry.Property(e => e.State).HasConversion<short>();
            entry.HasIndex(e => new { e.PollId, e.Key }).IsUnique().HasDatabaseName("ux_entries_poll_id_key");
            // No index on the count, so that each update is a heap-only one where its page has space.
            entry.HasStorageParameter("fillfactor", 80);
            entry.HasOne<PollRow>().WithMany().HasForeignKey(e => e.PollId).HasConstraintName("fk_entries_polls");
        });

        modelBuilder.Entity<VoteRow>(vote =>
        {
            vote.Ignore(v => v.Ballot);
            vote.ToTable("votes", table => table.HasCheckConstraint("ck_votes_revision", "revision >= 0"));
            // The constraint for one vote per participant and poll.
            vote.HasKey(v => new { v.PollId, v.ParticipantId }).HasName("pk_votes");
            vote.HasStorageParameter("fillfactor", 80);
            // No foreign key to participants: it would lock and write the voter's row for every vote, and the voter's
            // token already proves the participant.
            vote.HasOne<PollRow>().WithMany().HasForeignKey(v => v.PollId).HasConstraintName("fk_votes_polls");
        });

        modelBuilder.Entity<DiscardedVoteRow>(vote =>
        {
            vote.Ignore(v => v.Ballot);
            vote.ToTable("discarded_votes");
            vote.HasKey(v => new { v.PollId, v.ParticipantId }).HasName("pk_discarded_votes");
            vote.HasOne<PollRow>().WithMany().HasForeignKey(v => v.PollId)
                .HasConstraintName("fk_discarded_votes_polls");
        });

        modelBuilder.Entity<SeatRow>(seat =>
        {
            seat.ToTable("seats");
            seat.HasKey(s => new { s.RoomId, s.Code }).HasName("pk_seats");
            seat.HasOne<RoomRow>().WithMany().HasForeignKey(s => s.RoomId).HasConstraintName("fk_seats_rooms");
        });

        modelBuilder.Entity<DiscardRow>(discard =>
        {
            discard.ToTable("discards");
            discard.HasKey(d => d.Id).HasName("pk_discards");
            discard.HasIndex(d => new { d.RoomId, d.Id }).HasDatabaseName("ix_discards_room_id");
            discard.HasOne<RoomRow>().WithMany().HasForeignKey(d => d.RoomId).HasConstraintName("fk_discards_rooms");
        });

        modelBuilder.Entity<DiscardedParticipantRow>(person =>
        {
            person.ToTable("discarded_participants");
            person.HasKey(p => p.ParticipantId).HasName("pk_discarded_participants");
            person.HasIndex(p => p.DiscardId).HasDatabaseName("ix_discarded_participants_discard_id");
            person.HasOne<DiscardRow>().WithMany().HasForeignKey(p => p.DiscardId)
                .HasConstraintName("fk_discarded_participants_discards");
        });

        modelBuilder.Entity<AuditRow>(audit =>
        {
            audit.ToTable("audit");
            audit.HasKey(a => a.Id).HasName("pk_audit");
            audit.Property(a => a.Id).UseIdentityAlwaysColumn();
            audit.Property(a => a.At).HasDefaultValueSql("clock_timestamp()");
            audit.HasIndex(a => new { a.RoomId, a.Id }).HasDatabaseName("ix_audit_room_id");
            audit.HasOne<RoomRow>().WithMany().HasForeignKey(a => a.RoomId).HasConstraintName("fk_audit_rooms");
        });

        modelBuilder.Entity<DataProtectionKeyRow>(key =>
        {
            key.ToTable("data_protection_keys");
            key.HasKey(k => k.FriendlyName).HasName("pk_data_protection_keys");
        });

        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(type => type.GetProperties()))
        {
            property.SetColumnName(SnakeCase(property.Name));
        }
    }

    private static string SnakeCase(string name) => string.Concat(name.Select((c, i) =>
        char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
