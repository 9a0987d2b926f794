using AnalogHil.Core.Statistics;

namespace AnalogHil.Precision.Search.Variants;

/// <summary>One variant of the network that was tried in a search, on the same images and draws as the others.</summary>
/// <param name="Name"><see cref="Plain"/>, <see cref="Corrected"/> or <see cref="Narrowed"/>.</param>
/// <param name="Reachable">Whether any K is predicted to be accepted with it.</param>
/// <param name="Energy">Repeats per multiply-accumulate of the cheapest such plan; where there is none, of the plan that was kept in its place.</param>
/// <param name="EnergyInterval">95 % interval of the energy at the aim; of one learning, and not of the choice between variants.</param>
/// <param name="Ratio">Energy over that of <see cref="Plain"/>, 95 % over images and draws that both saw; null for
/// <see cref="Plain"/> itself, and where either is not reachable.</param>
/// <param name="Joules">Declared energy of one image; null where the device declares none.</param>
/// <param name="Chosen">Whether the plan is this one: the least declared energy of those predicted to be accepted; none is where none is.</param>
public sealed record VariantOutcome(
    string Name, bool Reachable, double Energy, Interval EnergyInterval, Estimate? Ratio, double? Joules, bool Chosen)
{
    /// <summary>Shares of the energy alone.</summary>
    public const string Plain = "shares alone";

    /// <summary>With a digital gain and offset of every channel.</summary>
    public const string Corrected = "gains and offsets";

    /// <summary>With full scales for the energies in use besides.</summary>
    public const string Narrowed = "full scales, gains and offsets";

    /// <summary>Most images of the search that any of its energies was tried on.</summary>
    public int Images { get; init; }

    /// <summary>Most noise draws of an image.</summary>
    public int Draws { get; init; }
}
