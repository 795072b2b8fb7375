using System.Text.RegularExpressions;

namespace Polls.Tests.Deployment;

/// <summary>The files that the Dockerfile names exist; scripts/verify-image builds it.</summary>
public sealed partial class DockerfileTests
{
    private static readonly string Text = Repository.Read("Dockerfile");

    [Fact]
    public void The_copied_files_exist_and_are_not_ignored()
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
    public void Every_file_that_affects_the_build_is_copied()
    {
        string[] wanted = [".editorconfig", "global.json", .. Directory.EnumerateFiles(Repository.Root, "Directory.*").Select(path => Path.GetFileName(path)!)];
        wanted.Length.ShouldBe(4);
        wanted.Except(Copied).ShouldBeEmpty();
    }

    private static List<string> Copied { get; } = [.. Copy().Matches(Text).SelectMany(match => match.Groups[1].Value.Split(' ')).Distinct()];

    [GeneratedRegex(@"^COPY (?!--from)(.+) \S+$", RegexOptions.Multiline)]
    private static partial Regex Copy();
}
