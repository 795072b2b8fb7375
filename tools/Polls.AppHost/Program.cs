using Polls.AppHost;

var (wanted, error) = CommandLine.Parse(args);
if (wanted is null)
{
    await Console.Error.WriteLineAsync($"{error}\n\n{CommandLine.Help}");
    return 2;
}

if (wanted.HelpWanted)
{
    Console.WriteLine(CommandLine.Help);
    return 0;
}

using var run = new LocalRun();
return await run.RunAsync(wanted);
