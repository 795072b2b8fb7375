using System.Reflection;
using System.Text.RegularExpressions;
using Polls.Api.Rooms;
using Polls.Core.Storage;

namespace Polls.Tests.Deployment;

/// <summary>The environment variables that the API reads, found where its source binds them and in the options themselves.</summary>
internal static partial class ReadConfiguration
{
    private static readonly Type[] Types = [.. new[] { typeof(RoomLinks).Assembly, typeof(DatabaseOptions).Assembly }.SelectMany(one => one.GetTypes())];

    public static HashSet<string> Variables { get; } = Find();

    private static HashSet<string> Find()
    {
        var source = string.Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "Polls.Api"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Select(File.ReadAllText));
        var bound = Bound().Matches(source).SelectMany(match =>
        {
            var options = Types.Single(type => type.Name == match.Groups["type"].Value);
            var section = match.Groups["section"] is { Success: true } literal
                ? literal.Value
                : (string)options.GetField("Section", BindingFlags.Public | BindingFlags.Static)!.GetRawConstantValue()!;
            return options.GetProperties().Where(property => property.CanWrite).Select(property => $"{section}__{property.Name}");
        });
        return [.. bound, .. Named().Matches(source).Select(match => $"ConnectionStrings__{match.Groups[1].Value}")];
    }

    [GeneratedRegex(@"AddOptions<(?<type>\w+)>\(\)\s*\.BindConfiguration\((?:""(?<section>\w+)""|\w+\.Section)\)")]
    private static partial Regex Bound();

    [GeneratedRegex(@"GetConnectionString\(""(\w+)""\)")]
    private static partial Regex Named();
}
