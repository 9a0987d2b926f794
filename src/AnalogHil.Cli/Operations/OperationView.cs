using System.Globalization;
using AnalogHil.Cli.Views;
using AnalogHil.V1;
using Google.LongRunning;
using Spectre.Console;

namespace AnalogHil.Cli.Operations;

/// <summary>Operations as lines and tables.</summary>
internal static class OperationView
{
    /// <summary>Where it is, in a line.</summary>
    public static string LineOf(Operation operation)
    {
        (_, string phase, long done, long total, string message, TimeSpan? remaining) = Read(operation);
        string share = total > 0 ? string.Create(CultureInfo.InvariantCulture, $" {100.0 * done / total:0} %") : "";
        string left = remaining is { } time ? $", about {Wording.Time(time)} left in this step" : "";
        return operation.Done ? (operation.Error is null ? "done" : "failed") : $"{phase}{share}: {message}{left}";
    }

    /// <summary>A line for each.</summary>
    public static void Write(IEnumerable<Operation> operations, IAnsiConsole console)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("operation").AddColumn("what").AddColumn("state").AddColumn("step").AddColumn("outcome");
        foreach (Operation operation in operations)
        {
            (string kind, string phase, long done, long total, _, _) = Read(operation);
            string share = !operation.Done && total > 0 ? string.Create(CultureInfo.InvariantCulture, $" {100.0 * done / total:0} %") : "";
            table.AddRow(Markup.Escape(operation.Name), Markup.Escape(kind), StateOf(operation), Markup.Escape(phase + share), Markup.Escape(OutcomeOf(operation)));
        }

        console.Write(table);
    }

    /// <summary>"running", "interrupted", "ended" or "failed".</summary>
    public static string StateOf(Operation operation) => operation.Done
        ? operation.Error is null ? "ended" : "failed"
        : operation.Metadata?.TryUnpack(out RunMetadata run) == true && run.Interrupted ? "interrupted" : "running";

    private static string OutcomeOf(Operation operation)
    {
        if (operation.Error is { } error)
        {
            return error.Message;
        }

        if (operation.Response is not { } response)
        {
            return "";
        }

        if (response.TryUnpack(out RunResponse run))
        {
            return $"{run.Verdict.ToString().ToUpperInvariant()}: {run.Reason}";
        }

        if (response.TryUnpack(out ValidateResponse validated))
        {
            return $"{validated.Verdict.ToString().ToUpperInvariant()}: {validated.Reason}";
        }

        return response.TryUnpack(out LearnResponse learned) ? learned.Plan.Name : response.TypeUrl;
    }

    private static (string Kind, string Phase, long Done, long Total, string Message, TimeSpan? Remaining) Read(Operation operation)
    {
        if (operation.Metadata?.TryUnpack(out RunMetadata run) == true)
        {
            return ($"campaign on {Path.GetFileNameWithoutExtension(run.Bench)}", run.Phase.ToString().ToLowerInvariant(), run.Done, run.Total, run.Message, run.Remaining?.ToTimeSpan());
        }

        return operation.Metadata?.TryUnpack(out OperationMetadata other) == true
            ? (other.Bench.Length > 0 ? $"{other.Kind} on {Path.GetFileNameWithoutExtension(other.Bench)}" : other.Kind, other.Phase, other.Done, other.Total, other.Message,
                other.Remaining?.ToTimeSpan())
            : ("", "", 0, 0, "", null);
    }
}
