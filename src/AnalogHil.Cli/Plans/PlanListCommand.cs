using System.CommandLine;
using System.Globalization;
using AnalogHil.Cli.Remote;
using AnalogHil.V1;
using Spectre.Console;

namespace AnalogHil.Cli.Plans;

/// <summary>`hil plan list`: the plans that a daemon keeps.</summary>
internal static class PlanListCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal)
    {
        var remote = new RemoteOptions();
        var model = new Option<string?>("--model-sha256") { Description = "Only plans of the model with this SHA-256", HelpName = "HASH" };
        Command command = remote.On(new Command("list", "Lists the plans that a running daemon keeps, youngest first.") { model }, withLease: false);
        remote.Does(command, terminal, async (parsed, session) =>
        {
            var plans = new PrecisionService.PrecisionServiceClient(session.Invoker);
            string hash = parsed.GetValue(model) ?? "";
            ListPlansResponse all = await Pages.AllAsync(token => session.CallAsync((_, options) =>
                plans.ListPlansAsync(new ListPlansRequest { PageSize = Pages.Size, PageToken = token, ModelSha256 = hash }, options)));
            return session.Show(all, console =>
            {
                Table table = new Table().Border(TableBorder.Rounded).AddColumn("plan").AddColumn("method").AddColumn("mean E (95 %)").AddColumn("certificate").AddColumn("model");
                foreach (Plan plan in all.Plans)
                {
                    table.AddRow(
                        Markup.Escape(plan.Name), Markup.Escape(plan.Method), Markup.Escape(EnergyOf(plan)),
                        plan.Certificate == Verdict.Unspecified ? "none" : plan.Certificate.ToString().ToUpperInvariant(), Markup.Escape(plan.ModelSha256));
                }

                console.Write(table);
            });
        });
        return command;
    }

    /// <summary>Energy of a plan with its unit, which differs from plan to plan.</summary>
    public static string EnergyOf(Plan plan) => plan.Energy is { } energy
        ? string.Create(CultureInfo.InvariantCulture, $"{energy.Value:G4} [{energy.Low:G4}, {energy.High:G4}] {energy.Unit}")
        : "not bounded";
}
