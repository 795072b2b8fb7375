using System.Text.RegularExpressions;

namespace Polls.Tests.Deployment;

/// <summary>The files that the Dockerfile names exist; scripts/verify-image builds it.</summary>
public sealed partial class DockerfileTests
{
    private static readonly string Text = Repository.Read("Dockerfile");

    [Fact]
    public void What_it_copies_exists_and_is_not_kept_from_it()
    {
        Copied.ShouldContain("Polls.Api");
        var allowed = Repository.Read(".dockerignore").Split('\n').Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();
        foreach (var path in Copied)
        {
            Path.Exists(Path.Combine(Repository.Root, path)).ShouldBeTrue(path);
            allowed.ShouldContain(path.Split('/')[0]);
        }
    }

    [Fact]
    public void Whatever_shapes_a_build_here_shapes_it_there_too()
    {
        string[] wanted = [".editorconfig", "global.json", .. Directory.EnumerateFiles(Repository.Root, "Directory.*").Select(path => Path.GetFileName(path)!)];
        wanted.Length.ShouldBe(4);
        wanted.Except(Copied).ShouldBeEmpty();
    }

    private static List<string> Copied { get; } = [.. Copy().Matches(Text).SelectMany(match => match.Groups[1].Value.Split(' ')).Distinct()];

    [GeneratedRegex(@"^COPY (?!--from)(.+) \S+$", RegexOptions.Multiline)]
    private static partial Regex Copy();
}
