namespace AnalogHil.PaperStudy.Cells;

/// <summary>What examples that nothing was chosen on say, against the float32 network, one draw of the noise for each example.</summary>
/// <param name="Examples">M.</param>
/// <param name="Drop">Drop at the energy of equal drop.</param>
/// <param name="Low">95 % Tango limits.</param>
/// <param name="High">Upper limit.</param>
/// <param name="Discordance">psi.</param>
/// <param name="ClaimEnergy">The energy predicted to certify with probability 0.9; null where these examples are too few for any within twenty times.</param>
/// <param name="ClaimDrop">Drop there.</param>
/// <param name="ClaimHigh">One-sided 95 % upper limit of that drop.</param>
/// <param name="Verdict">ACCEPT, REJECT or INCONCLUSIVE for "loses less than the drop"; "none" without a claim.</param>
internal sealed record CertificationResult(
    int Examples, double Drop, double Low, double High, double Discordance, double? ClaimEnergy, double? ClaimDrop, double? ClaimHigh, string Verdict);
