using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Polls.Core.Storage;

/// <summary>The account part of the model.</summary>
internal static class AccountModel
{
    public static void Build(ModelBuilder model)
    {
        model.Entity<AccountRow>(account =>
        {
            account.ToTable("accounts");
            account.HasKey(a => a.Id).HasName("pk_accounts");
            account.Property(a => a.Id).ValueGeneratedNever();
            account.HasIndex(a => a.NormalizedEmail).IsUnique().HasDatabaseName("ux_accounts_normalized_email");
            account.Property(a => a.ConcurrencyStamp).IsConcurrencyToken();
            // Separate statements update these columns. Saving an entity that was read earlier must not overwrite them.
            foreach (var counted in (string[])[
                nameof(AccountRow.UsedStep), nameof(AccountRow.Attempts), nameof(AccountRow.AttemptedAt)
            ])
            {
                account.Property(counted).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
            }
        });

        model.Entity<AccountSessionRow>(session =>
        {
            session.ToTable("account_sessions");
            session.HasKey(s => s.Id).HasName("pk_account_sessions");
            session.Property(s => s.Id).ValueGeneratedNever();
            session.HasIndex(s => s.AccountId).HasDatabaseName("ix_account_sessions_account_id");
            session.HasIndex(s => s.ExpiresAt).HasDatabaseName("ix_account_sessions_expires_at");
            session.HasOne<AccountRow>().WithMany().HasForeignKey(s => s.AccountId)
                .OnDelete(DeleteBehavior.Cascade).HasConstraintName("fk_account_sessions_accounts");
        });

        model.Entity<AccountInvitationRow>(invitation =>
        {
            invitation.ToTable("account_invitations");
            invitation.HasKey(i => i.Id).HasName("pk_account_invitations");
            invitation.HasIndex(i => i.SecretHash).IsUnique().HasDatabaseName("ux_account_invitations_secret_hash");
            invitation.HasIndex(i => i.CreatedBy).HasDatabaseName("ix_account_invitations_created_by");
            invitation.HasOne<AccountRow>().WithMany().HasForeignKey(i => i.CreatedBy)
                .OnDelete(DeleteBehavior.Cascade).HasConstraintName("fk_account_invitations_accounts");
        });

        model.Entity<RoomHostRow>(host =>
        {
            host.ToTable("room_hosts");
            host.HasKey(h => new { h.RoomId, h.AccountId }).HasName("pk_room_hosts");
            host.HasIndex(h => new { h.AccountId, h.RoomId }).HasDatabaseName("ix_room_hosts_account_id_room_id");
            host.HasOne<RoomRow>().WithMany().HasForeignKey(h => h.RoomId).HasConstraintName("fk_room_hosts_rooms");
            host.HasOne<AccountRow>()
                .WithMany()
                .HasForeignKey(h => h.AccountId)
                .HasConstraintName("fk_room_hosts_accounts");
        });

        model.Entity<HostInvitationRow>(invitation =>
        {
            invitation.ToTable("host_invitations");
            invitation.HasKey(i => i.Id).HasName("pk_host_invitations");
            invitation.HasIndex(i => i.SecretHash).IsUnique().HasDatabaseName("ux_host_invitations_secret_hash");
            invitation.HasIndex(i => i.RoomId).HasDatabaseName("ix_host_invitations_room_id");
            invitation.HasOne<RoomRow>()
                .WithMany()
                .HasForeignKey(i => i.RoomId)
                .HasConstraintName("fk_host_invitations_rooms");
        });
    }
}
