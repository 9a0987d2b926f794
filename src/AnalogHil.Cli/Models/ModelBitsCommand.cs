using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using AnalogHil.Cli.Commands;
using AnalogHil.Cli.Errors;
using AnalogHil.Cli.Plans;
using AnalogHil.Cli.Signals;
using AnalogHil.Cli.Views;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Cli.Models;

/// <summary>`hil model bits`: whether noise of so many bits costs a network what rounding to so many bits does.</summary>
internal static class ModelBitsCommand
{
    private const int UsualImages = 2000;
    private const int UsualDraws = 3;
    private const double FewestBits = 1;
    private const double MostBits = 16;

    private static readonly double[] UsualBits = [2, 3, 4, 5, 6, 8];

    /// <summary>The command with its options.</summary>
    public static Command Create(Terminal terminal)
    {
        var images = new EvaluationOptions($"Images that the ranges of outputs are observed on: the first {NoiseBitsMeter.UsualImages}", UsualImages);
        var bits = new Option<double[]?>("--bits")
        {
            Description = $"Bits of every layer, a row for each; whole or not [default: {string.Join(',', UsualBits)}; with --plan none]",
            HelpName = "B,B,...",
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = ParseBits,
        };
        var plan = new Option<string?>("--plan") { Description = "Plan file: a row in which every layer has the noise bits that the plan holds for it", HelpName = "FILE" };
        var draws = new Option<int?>("--draws")
        {
            Description = $"Noise draws for every image [default: {UsualDraws}]",
            HelpName = "R",
            CustomParser = Numbers.Count(1, $"must be a whole number, at least 1; leave it out for {UsualDraws}"),
        };
        Option<bool> json = JsonOption.Create("Print one JSON object on one line; progress goes to standard error");
        var command = new Command(
            "bits",
            """
            Compares rounding the outputs of every analog product to so many bits with adding noise of as many: the claim behind telling noise in bits
            (Garg et al. 2021, arXiv 2102.06365, tables I and III). B bits are 2^B levels over the range of a layer's outputs; the noise is white and
            Gaussian, of the variance of that rounding, step^2 / 12 (eq. 7). With --plan the layers have the noise bits that a plan holds, whose mean over
            output elements (eq. 8) is told as the equation has it and as the authors' code prints it; the noise is still the same for all elements of a
            layer, which that of the plan's own law need not be. Each accuracy has its 95 % interval, the difference a paired one over the same images.
            Ends with 0; 65 where inputs are bad, 75 after Ctrl-C, 78 where the plan is for another model or holds no such bits.

            Examples:
              hil model bits fashion-lenet --data fashion-mnist --limit 500
              hil model bits net.onnx --data ./images --bits 3,4,4.5 --draws 5 --json
              hil model bits net.onnx --data ./images --plan net.plan.json
            """);
        images.AddTo(command, bits, plan, draws, json);
        command.SetAction((parsed, cancellationToken) =>
        {
            string? path = parsed.GetValue(plan) is { } given ? Path.GetFullPath(given, terminal.CurrentDirectory) : null;
            double[] wanted = parsed.GetValue(bits) is { Length: > 0 } asked ? asked : path is null ? UsualBits : [];
            var request = new LowBitRequest(
                images.Read(parsed, terminal), wanted, path, path is null ? null : PlanCommand.Read(terminal, path), parsed.GetValue(draws) ?? UsualDraws);
            return Task.FromResult((int)Run(terminal, request, parsed.GetValue(json), cancellationToken));
        });
        return command;
    }

    private static ExitCode Run(Terminal terminal, LowBitRequest request, bool json, CancellationToken cancellationToken)
    {
        using var stop = new StopSignal(cancellationToken);
        var progress = new ProgressLine(terminal);
        try
        {
            LowBitResult result = PlanCommand.Guarded(() => LowBitStudy.Run(
                request, terminal.Time, (done, all, elapsed) => progress.Show(Describe(done, all, elapsed), elapsed), stop.Requested));
            progress.Clear();
            if (json)
            {
                terminal.Output.WriteLine(LowBitJson.Of(request, result));
            }
            else
            {
                LowBitView.Write(request, result, terminal);
            }
        }
        catch (OperationCanceledException stopped)
        {
            progress.Clear();
            throw new CliException(
                ExitCode.Stopped, "stopped on request: no accuracy is told, for not all images were judged; the same command judges them again, fewer of them with --limit", stopped);
        }

        return ExitCode.Accept;
    }

    private static string Describe(long done, long all, TimeSpan elapsed) => string.Create(
        CultureInfo.InvariantCulture, $"{done:N0} of {all:N0} passes of an image, about {Wording.Time(elapsed * ((double)(all - done) / done))} left");

    private static double[]? ParseBits(ArgumentResult result)
    {
        string given = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        double?[] read = [.. given.Split(',').Select(part =>
            double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value is >= FewestBits and <= MostBits ? value : (double?)null)];
        if (read.Contains(null))
        {
            result.AddError(string.Create(
                CultureInfo.InvariantCulture, $"--bits is {given}, must be numbers from {FewestBits} to {MostBits} with commas between them, e.g. {string.Join(',', UsualBits)}"));
            return null;
        }

        return [.. read.Select(value => value!.Value)];
    }
}
