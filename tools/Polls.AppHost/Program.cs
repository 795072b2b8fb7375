using Polls.AppHost;

var (options, error) = CommandLine.Parse(args);
if (options is null)
{
    await Console.Error.WriteLineAsync($"{error}\n\n{CommandLine.Help}");
    return 2;
}

if (options.ShowHelp)
{
    Console.WriteLine(CommandLine.Help);
    return 0;
}

using var run = new LocalRun();
return await run.RunAsync(options);
