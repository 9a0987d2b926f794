using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using AnalogHil.Cli.Signals;
using AnalogHil.Engine.Evaluation;

namespace AnalogHil.Cli.Models;

/// <summary>`hil model eval`: the accuracy of a network on images.</summary>
internal static class ModelEvalCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create(Terminal terminal)
    {
        var images = new EvaluationOptions($"Images that the ranges of inputs are observed on, for thermal noise and --quantised: the first {AccuracyEvaluation.CalibrationImages}");
        var noise = new Option<ReferenceLaws?>("--noise")
        {
            Description = "Noise of every matrix product, e.g. thermal:0.01@36; see above [default: none]",
            HelpName = "LAW",
            CustomParser = ParseLaws,
        };
        var quantised = new Option<bool>("--quantised")
        {
            Description = "Round inputs (one grid a tensor) and weights (one grid a channel) of matrix products to 8 bits",
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object on one line; progress goes to standard error" };
        var command = new Command(
            "eval",
            """
            Measures the accuracy of a network on images, in float32 or with noise in its matrix products.

            LAW is one of these, or several joined with +; @E is the energy per multiply-accumulate in units of one read's, that is the number of
            reads that are averaged, 1 where left out. N is the length of the dot product, dW is the span (largest minus smallest) of the output
            channel's weights, dx that of the layer's input, its ends averaged over batches of 32 calibration images and zero included:
              thermal:SIGMA[@E]   receiver noise, variance N dW^2 dx^2 SIGMA^2 / E; usual 0.01
              weight:SIGMA[@E]    weight read noise, variance dW^2 SIGMA^2 |x|^2 / E; usual 0.1
              shot:PHOTONS[@E]    shot noise, variance |w|^2 |x|^2 / (N PHOTONS E), PHOTONS detected per multiply-accumulate of a read
              shot-fixed:PHOTONS[@E]  shot noise with gains fixed for a layer, variance (|x|^2 mean |w|^2 + |w|^2 mean |x|^2) / (2 N PHOTONS E), means
                                  over filters and over patches of the calibration images
              rin:SIGMA[@E]       relative intensity noise, variance y^2 SIGMA^2 / E of the product y, one relative error for all channels of a position
            Each read has a draw of its own. Behind a law, /inference holds a draw over all output positions of an image: of weight noise one number
            for each weight, of thermal noise one for each channel; /batch holds it over 32 images, /batch64 over 64. Shot and intensity noise are never held.
            (Garg et al. 2021, arXiv 2102.06365, eq. 9 to 11, without rin; N of one group, padding counted.)

            Ends with 0; 65 where inputs are bad, 75 after Ctrl-C.

            Examples:
              hil model eval fashion-resnet --data fashion-mnist
              hil model eval net.onnx --data ./images --limit 1000 --noise weight:0.1@37 --seed 7 --json
              hil model eval net.onnx --data ./images --noise weight:0.1@37/inference
              hil model eval net.onnx --data ./images --noise thermal:0.01@36+shot:35 --calibration ./training-images
            """);
        images.AddTo(command, noise, quantised, json);
        command.SetAction((parsed, cancellationToken) =>
        {
            EvaluationRequest request = images.Read(parsed, terminal) with { Noise = parsed.GetValue(noise), Quantised = parsed.GetValue(quantised) };
            return Task.FromResult((int)Run(terminal, request, parsed.GetValue(json), cancellationToken));
        });
        return command;
    }

    private static ExitCode Run(Terminal terminal, EvaluationRequest request, bool json, CancellationToken cancellationToken)
    {
        using var stop = new StopSignal(cancellationToken);
        var progress = new EvaluationProgressView(terminal);
        try
        {
            EvaluationResult result = ModelCommand.Reading(() => AccuracyEvaluation.Run(request, terminal.Time, progress.Show, stop.Requested));
            terminal.Output.WriteLine(json ? EvaluationJson.Of(request, result) : Describe(request, result));
        }
        catch (OperationCanceledException stopped)
        {
            progress.Clear();
            throw new CliException(
                ExitCode.Stopped, "stopped on request: no accuracy is told, for not all images were judged; the same command judges them again, fewer of them with --limit", stopped);
        }

        return ExitCode.Accept;
    }

    private static string Describe(EvaluationRequest request, EvaluationResult result)
    {
        string top5 = result is { Top5: { } correct, Top5Interval: { } interval }
            ? Share(correct, result.Images, interval.Low, interval.High)
            : $"none, the network has {result.Network.Classes} classes";
        string digital = result.Network.DigitalProducts.Count > 0 ? $"; {result.Network.DigitalProducts.Count} products of two activations are digital" : "";
        string noise = request.Noise is { } laws ? $"{laws}, a draw {laws.DescribeLifetime()}, seed {request.Seed}{digital}" : "none";
        string ranges = result.Calibration is { } name ? $"\nranges  observed on {result.CalibrationImages} images of {name}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            top-1   {Share(result.Top1, result.Images, result.Top1Interval.Low, result.Top1Interval.High)}
            top-5   {top5}
            images  {result.Images:N0} of {result.Data}; intervals are Wilson's, over images
            noise   {noise}
            numbers {(request.Quantised ? "8-bit inputs and weights of matrix products" : "float32")}{ranges}
            model   {request.ModelPath}, sha256 {result.Network.Sha256}
            time    {result.Elapsed.TotalSeconds:0.0} s, {result.Images / result.Elapsed.TotalSeconds:0.0} images/s with reading, {request.Threads} threads
            """);
    }

    private static string Share(int correct, int images, double low, double high) => string.Create(
        CultureInfo.InvariantCulture, $"{100.0 * correct / images:0.00} % ({100 * low:0.00} - {100 * high:0.00}, 95 %), {correct:N0} of {images:N0}");

    /// <summary>Reads a written law; what is wrong with it is told with what is possible.</summary>
    internal static ReferenceLaws? ParseLaws(ArgumentResult result)
    {
        string given = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (!ReferenceLaws.TryParse(given, out ReferenceLaws? laws, out string? problem))
        {
            result.AddError($"--noise is {given}: {problem}");
        }

        return laws;
    }
}
