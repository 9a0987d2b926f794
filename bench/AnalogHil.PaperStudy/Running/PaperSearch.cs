using System.Globalization;
using AnalogHil.PaperStudy.Cells;
using AnalogHil.PaperStudy.Networks;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Methods;
using AnalogHil.Precision.Methods.Paper;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search.Drops;

namespace AnalogHil.PaperStudy.Running;

/// <summary>
/// The search of Garg et al. 2021: geometric bisection of the target energy, retraining each time, accepted when the accuracy lies less than 0.1
/// points above the target, on the evaluation set itself and with one draw of the noise. Goes on behind the trainings that its log holds.
/// </summary>
internal sealed class PaperSearch(LoadedNetwork network, LawCase law, ReferenceNoiseModel noise, StudySettings settings, TrainingLog log, Action<string> told)
{
    private const double Tolerance = 0.001;
    private const ulong Seed = 0x9A9E;

    /// <summary>Searches between a thousandth of the uniform energy and twice it.</summary>
    public PaperSearchResult Run(PaperOptions recipe, PlanLayout layout, MethodTask task, double uniform, CancellationToken cancellationToken)
    {
        double target = network.CleanAccuracy(law.Quantised, cancellationToken) - settings.Drop;
        double low = uniform / 1000;
        double high = 2 * uniform;
        double[]? kept = null;
        int others = 0;
        var cost = LearningCost.None;
        for (int training = 1; training <= settings.PaperTrainings; training++)
        {
            double budget = Math.Sqrt(low * high);
            PaperTraining? before = log.Find(training - 1, recipe.Start, budget);
            PaperTraining done = before ?? Train(training, recipe, layout, task, budget, target, cancellationToken);
            others += before is not null && before.Library != CellRunner.Library ? 1 : 0;
            cost = cost with
            {
                Budget = budget,
                Steps = cost.Steps + recipe.Steps,
                Forward = cost.Forward + done.Forward,
                Backward = cost.Backward + done.Backward,
                Seconds = cost.Seconds + done.Seconds,
            };
            told(string.Create(
                CultureInfo.InvariantCulture,
                $"training {training}: target {budget:G4}, learned {done.MeanEnergy:G4}, accuracy {100 * done.Above:+0.00;-0.00} points from its target{(before is null ? "" : "; kept from an earlier run")}"));
            if (done.Above >= 0)
            {
                kept = [.. done.Energy];
                cost = cost with { MeanEnergy = done.MeanEnergy };
                high = budget;
            }
            else
            {
                low = budget;
            }

            if (done.Above > 0 && done.Above < Tolerance)
            {
                return new PaperSearchResult([.. done.Energy], cost, string.Create(
                    CultureInfo.InvariantCulture, $"accepted by its own rule after {training} trainings at {done.MeanEnergy:G4} {law.Unit} per MAC{Others()}"));
            }

            kept ??= training == settings.PaperTrainings ? [.. done.Energy] : null;
        }

        bool met = cost.MeanEnergy > 0;
        cost = met ? cost : cost with { MeanEnergy = layout.MeanEnergy(kept!) };
        return new PaperSearchResult(kept!, cost, string.Create(
            CultureInfo.InvariantCulture,
            $"not accepted by its own rule in {settings.PaperTrainings} trainings; {(met ? "the cheapest above the target is kept" : "none met the target, the last is kept")}, {cost.MeanEnergy:G4} {law.Unit} per MAC{Others()}"));

        string Others() => others == 0 ? "" : $"; {others} of them by another version of the library";
    }

    private PaperTraining Train(
        int training, PaperOptions recipe, PlanLayout layout, MethodTask task, double budget, double target, CancellationToken cancellationToken)
    {
        var progress = new DirectProgress(line => told($"training {training} of at most {settings.PaperTrainings}: {line}"));
        MethodResult result = Training.Run(new PaperMethod(recipe), task with { ResidualImages = 0 }, budget, progress, cancellationToken);
        bool[] right = Judging.Run(task.Network, network.Search, noise.At(layout.Spread(result.Energy)), Seed, cancellationToken);
        var done = new PaperTraining(
            recipe.Steps,
            recipe.Start,
            budget,
            result.MeanEnergy,
            Correctness.Share(right) - target,
            [.. result.Energy],
            result.Cost.Forward + right.Length,
            result.Cost.Backward,
            result.Seconds)
        {
            Library = CellRunner.Library,
        };
        log.Keep(training - 1, done);
        return done;
    }
}
