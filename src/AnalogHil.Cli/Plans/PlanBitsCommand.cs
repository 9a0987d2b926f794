using System.CommandLine;
using AnalogHil.Cli.Commands;
using AnalogHil.Cli.Errors;
using AnalogHil.Cli.Files;
using AnalogHil.Cli.Signals;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Campaign.Checkpoints;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Plans;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Bits;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search;
using AnalogHil.V1;

namespace AnalogHil.Cli.Plans;

/// <summary>`hil plan bits`: bits of the converters and K of every layer in one choice, for a device that a campaign measured.</summary>
internal static class PlanBitsCommand
{
    private const int UsualImages = 2000;

    /// <summary>The command with its options.</summary>
    public static Command Create(Terminal terminal)
    {
        var profile = new Option<string>("--profile")
        {
            Description = "Directory of the record of a campaign: its device, measured noise, network, images and plan",
            HelpName = "RECORD",
            Required = true,
        };
        var joules = new Option<double?>("--joules")
        {
            Description = "Largest declared energy of one image [default: the least that loses no more than the plan in use]", HelpName = "J",
            CustomParser = Numbers.Real(value => value > 0 && double.IsFinite(value), "must be a number of joules above 0"),
        };
        var fewest = new Option<int?>("--fewest-bits")
        {
            Description = "Fewest bits to be chosen, 2 to 16, at most those of the device; below 4 the prediction is seldom right [default: 4]", HelpName = "BITS",
            CustomParser = Numbers.Count(2, 16, "must be a whole number, 2 to 16"),
        };
        var maxRepeats = new Option<int?>("--max-k")
        {
            Description = "Largest K of a layer [default: the device's, as far as repeats were seen to pay]", HelpName = "K",
            CustomParser = Numbers.Count(1, "must be a whole number, at least 1"),
        };
        var maxImages = new Option<int?>("--max-images")
        {
            Description = $"Try the choice on at most N test images, at least {Splits.FewestExamples} [default: {UsualImages}]", HelpName = "N",
            CustomParser = Numbers.Count(Splits.FewestExamples, $"must be a whole number, at least {Splits.FewestExamples}"),
        };
        var threads = new Option<int?>("--threads", "-t")
        {
            Description = "Threads [default: the processors of this machine]", HelpName = "N",
            CustomParser = Numbers.Count(1, "must be a whole number, at least 1; leave it out for all processors"),
        };
        Option<bool> json = JsonOption.Create("Print the choice as one JSON object");
        var command = new Command(
            "bits",
            """
            Chooses bits of inputs, weights and read-outs together with K of every layer, for the network and the device of a finished campaign: the
            least declared energy that loses, to second order, no more than the campaign's plan with the converters as they are; or with --joules
            the least loss for that energy. Then tries the choice on test images beside the plan in use. Conversions cost in proportion to their
            levels (Walden), which is an assumption. Changes nothing: no device of today can be told bits. Ends with 0; 65 where inputs
            are bad, 75 after Ctrl-C, 78 where the record holds no plan that bits can be chosen for, or nothing fits --joules.

            Examples:
              hil plan bits --profile runs/first
              hil plan bits --profile runs/first --joules 2e-7 --json
            """)
        {
            profile, joules, fewest, maxRepeats, maxImages, threads, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            string record = Path.GetFullPath(parsed.GetRequiredValue(profile), terminal.CurrentDirectory);
            int images = parsed.GetValue(maxImages) ?? UsualImages;
            using var stop = new StopSignal(cancellationToken);
            try
            {
                PlanCommand.Guarded(() =>
                {
                    BitTask task = Read(
                        terminal, record, parsed.GetValue(threads) ?? Environment.ProcessorCount, images, parsed.GetValue(maxRepeats), stop.Requested);
                    RequireBits(parsed.GetValue(fewest), task);
                    task = task with { Joules = parsed.GetValue(joules), FewestBits = parsed.GetValue(fewest) ?? task.FewestBits };
                    BitStudyResult result = BitStudy.Run(task, stop.Requested);
                    BitsView.Write(task, result, terminal, parsed.GetValue(json));
                    return true;
                });
            }
            catch (OperationCanceledException stopped)
            {
                throw new CliException(ExitCode.Stopped, "stopped on request: nothing was chosen; the same command makes the same choice", stopped);
            }

            return Task.FromResult((int)ExitCode.Accept);
        });
        return command;
    }

    private static void RequireBits(int? fewest, BitTask task)
    {
        (int inputs, int outputs) = (task.Device.Capabilities.DacBits, task.Device.Capabilities.AdcBits);

        // A device that declares its converters as ideal has 0 bits: the inputs have the usual number then, and read-outs are not rounded.
        int most = Math.Min(inputs == 0 ? BitTask.UsualBits : inputs, outputs == 0 ? int.MaxValue : outputs);
        if (fewest > most)
        {
            throw new CliException(
                ExitCode.DoesNotFit, $"--fewest-bits is {fewest}, must be at most {most}, as many as the converters of the device have; ask for fewer, or leave it out");
        }
    }

    private static BitTask Read(Terminal terminal, string record, int threads, int images, int? maxRepeats, CancellationToken cancellationToken)
    {
        CampaignRequest request = RecordedNoise.RequestOf(record);
        PrecisionResult learned = CheckpointStore.Peek<PrecisionResult>(record, CampaignPhase.Learn)
            ?? throw new CampaignException(ErrorReason.NotFound, $"{record} holds no plan; give the directory of a campaign that came past learning");
        if (!learned.Corrections.IsDefaultOrEmpty)
        {
            throw new CampaignException(
                ErrorReason.PlanInvalid,
                $"the plan in {record} was learned with full scales or digital gains and offsets of its own, for which bits cannot be chosen; give the record of a campaign without "
                    + "--corrected");
        }

        var files = new InputFiles(terminal.CurrentDirectory, terminal.ProgramDirectory);
        PlanInputs inputs = PlanInputs.Read(
            new PlanInputNames(request.ModelFile, request.DataDirectory, null, files.PreprocessingDirectory, null, record, threads),
            terminal.Time, cancellationToken);
        LabelledImages test = inputs.Test;
        int tried = Math.Min(images, test.Count);
        return new BitTask(
            inputs.Network, inputs.OnDevice!, (NoiseModel)inputs.Noise, learned.Plan, (int)inputs.LargestRepeats(maxRepeats, 1), inputs.Learning,
            new LabelledImages(test.Name, test.Shape, test.Slice(0, tried).ToArray(), test.Labels[..tried])) { Seed = request.Seed };
    }
}
