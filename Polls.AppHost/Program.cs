Console.WriteLine("Polls.AppHost");
