using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Scaffolding;
using Microsoft.Extensions.DependencyInjection;
using Npgsql.EntityFrameworkCore.PostgreSQL.Design.Internal;
using Polls.Core.Storage;

namespace Polls.Tests.Storage;

/// <summary>The files that <c>dotnet ef</c> generates from the model are up to date.</summary>
public sealed partial class ModelTests : IDisposable
{
    private readonly PollsDb db = new PollsDbFactory().CreateDbContext([]);

    [Fact]
    public void The_snapshot_is_up_to_date() =>
        db.Database.HasPendingModelChanges().ShouldBeFalse("run: dotnet ef migrations add NAME --project Polls.Core");

    [Fact]
    public void The_compiled_model_is_in_use_and_up_to_date()
    {
        var services = new ServiceCollection().AddEntityFrameworkDesignTimeServices().AddDbContextDesignTimeServices(db);
#pragma warning disable EF1001 // Only dotnet ef registers the provider's services by itself.
        new NpgsqlDesignTimeServices().ConfigureDesignTimeServices(services);
#pragma warning restore EF1001
        using var provider = services.BuildServiceProvider();
        var model = db.Model.ShouldBeAssignableTo<RuntimeModel>().ShouldNotBeNull().GetType();
        var options = new CompiledModelCodeGenerationOptions { ContextType = typeof(PollsDb), ModelNamespace = model.Namespace!, Language = "C#", UseNullableReferenceTypes = true };
        var generated = provider.GetRequiredService<ICompiledModelCodeGeneratorSelector>().Select(options)
            .GenerateModel(db.GetService<IDesignTimeModel>().Model, options)
            .ToDictionary(file => file.Path, file => ModelId().Replace(file.Code, ""));

        var folder = Repository.PathOf("Polls.Core", "Storage", "CompiledModel");
        var stored = Directory.GetFiles(folder).ToDictionary(path => Path.GetFileName(path), path => ModelId().Replace(File.ReadAllText(path), ""));
        generated.Keys.Order().ShouldBe(stored.Keys.Order());
        generated.Where(file => stored[file.Key] != file.Value).Select(file => file.Key)
            .ShouldBeEmpty("run: dotnet ef dbcontext optimize --project Polls.Core --output-dir Storage/CompiledModel --namespace Polls.Core.Storage.CompiledModel");
    }

    public void Dispose() => db.Dispose();

    // The key differs each time.
    [GeneratedRegex(@"modelId: new Guid\(""[0-9a-f-]+""\), ")]
    private static partial Regex ModelId();
}
