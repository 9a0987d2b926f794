namespace AnalogHil.Daemon.Campaign.Inputs;

/// <summary>What the search aims at.</summary>
internal static class LearningTargets
{
    /// <summary>Probability with which the certification shall accept the chosen plan; higher costs energy, lower costs repeated campaigns.</summary>
    public const double Acceptance = 0.9;
}
