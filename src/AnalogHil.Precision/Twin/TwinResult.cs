using System.Collections.Immutable;
using System.Globalization;
using AnalogHil.Core.Statistics;

namespace AnalogHil.Precision.Twin;

/// <summary>The twin check of a whole network.</summary>
/// <param name="Layers">In graph order.</param>
/// <param name="Allowed">Where every interval must lie.</param>
public sealed record TwinResult(ImmutableArray<TwinLayer> Layers, Interval Allowed)
{
    /// <summary>Share of the noise variance that an unexplained static error may add before it is warned of: sqrt(1.1) is 5 % in rms.</summary>
    private const double AllowedBias = 0.1;

    /// <summary>One sentence for each layer whose static error the search left out: repeats do not remove it, and the accuracy on the device may be below the predicted.</summary>
    public ImmutableArray<string> Warnings =>
    [
        .. Layers.Where(layer => layer.UnexplainedBias > AllowedBias).Select(layer => string.Create(
            CultureInfo.InvariantCulture,
            $"layer {layer.Layer}: the device has a static error of {100 * layer.UnexplainedBias:0} % of its noise variance beyond what rounding the inputs explains ({layer.Images} images; up to {100 * AllowedBias:0} % passes); "
            + $"no repeats remove it and the search did not count it, so expect a larger drop than predicted: calibrate again, or program the layer again")),
    ];

    /// <summary>Whether every layer agrees: without it the verdict cannot be ACCEPT.</summary>
    public bool Agrees => Layers.All(layer => layer.Agrees(Allowed));
}
