using AnalogHil.PaperStudy.Document;
using AnalogHil.PaperStudy.Running;

namespace AnalogHil.PaperStudy;

/// <summary>The study of docs/results/paper.md as one command.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments.Contains("--help"))
        {
            Console.WriteLine(StudyOptions.Usage);
            return 0;
        }

        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, press) =>
        {
            press.Cancel = true;
            stop.Cancel();
        };
        try
        {
            return Run(StudyOptions.Parse(arguments, RepositoryRoot.Find()), TimeProvider.System, Tell, stop);
        }
        catch (Exception error) when (error is ArgumentException or IOException or InvalidDataException)
        {
            Console.Error.WriteLine(error.Message);
            return 64;
        }
    }

    /// <summary>Runs what is asked for and writes the document, also after a stop.</summary>
    internal static int Run(StudyOptions options, TimeProvider time, Action<string> told, CancellationTokenSource stop)
    {
        var study = new Study(options, time, told);
        bool stopped = false;
        if (!options.DocumentOnly)
        {
            if (options.TimeLimit is { } limit)
            {
                stop.CancelAfter(limit);
            }

            try
            {
                told(options.EqualAccuracy
                    ? $"{new EqualAccuracyStudy(study, options, time, told).Run(stop.Token)} points run"
                    : $"{study.Run(stop.Token)} cells run");
            }
            catch (OperationCanceledException)
            {
                stopped = true;
                told("stopped; finished cells and the finished trainings of a search are kept, the same command goes on from there");
            }
        }

        string path = new PaperDocument(study, options).Write();
        told($"wrote {path}");
        return stopped ? 130 : 0;
    }

    private static void Tell(string line) => Console.WriteLine($"{DateTime.Now:HH:mm:ss} {line}");
}
