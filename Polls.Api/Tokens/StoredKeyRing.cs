using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Polls.Core.Storage;

namespace Polls.Api.Tokens;

/// <summary>The data-protection key ring in PostgreSQL. ASP.NET Core calls it rarely and only synchronously.</summary>
public sealed class StoredKeyRing(IDbContextFactory<PollsDb> databases) : IXmlRepository
{
    /// <inheritdoc />
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var db = databases.CreateDbContext();
        return [.. db.DataProtectionKeys.AsNoTracking().Select(key => key.Xml).ToList().Select(xml => XElement.Parse(xml))];
    }

    /// <inheritdoc />
    public void StoreElement(XElement element, string friendlyName)
    {
        using var db = databases.CreateDbContext();
        var xml = element.ToString(SaveOptions.DisableFormatting);
        db.Database.CreateExecutionStrategy().Execute(() => db.Database.ExecuteSql(
            $"INSERT INTO data_protection_keys (friendly_name, xml) VALUES ({friendlyName}, {xml}) ON CONFLICT DO NOTHING"));
    }

    /// <summary>
    /// Makes sure that a usable key exists. Done under the migration lock: instances that start together on an empty
    /// database would otherwise each make a key of their own, which the others would not know at first.
    /// </summary>
    public static void EnsureKey(IKeyManager keys, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        if (!keys.GetAllKeys().Any(key => !key.IsRevoked && key.ActivationDate <= now && key.ExpirationDate > now.AddDays(2)))
        {
            keys.CreateNewKey(now, now.AddDays(90));
        }
    }
}
