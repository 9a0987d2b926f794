using System.Security.Cryptography;
using System.Text.Json;
using AnalogHil.PaperStudy.Cells;
using AnalogHil.PaperStudy.Networks;
using AnalogHil.Precision.Clipping;
using AnalogHil.Precision.Methods.Correction;
using AnalogHil.Precision.Methods.Sensitivity;

namespace AnalogHil.PaperStudy.Running;

/// <summary>Everything that decides the figures of a cell, beside the model and its data.</summary>
internal sealed record StudySettings
{
    // Raised when the meaning of a cell changes.
    private const int Edition = 1;
    private const int UsualPaperSteps = 1501;

    /// <summary>Drop at which energies are compared.</summary>
    public double Drop { get; init; } = 0.02;

    /// <summary>R, draws of the noise for each image.</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>Steps of the paper's recipe.</summary>
    public int PaperSteps { get; init; } = UsualPaperSteps;

    /// <summary>The recipe gets fewer steps where it would take longer, minutes.</summary>
    public double PaperMinutes { get; init; } = 30;

    /// <summary>Trainings of the paper's search.</summary>
    public int PaperTrainings { get; init; } = 16;

    /// <summary>Our method with full scales and correction.</summary>
    public TwoRoundOptions Full { get; init; } = new();

    /// <summary>Our shares alone.</summary>
    public SensitivityOptions Ours { get; init; } = new();

    /// <summary>K_max.</summary>
    public int MaxRepeats { get; init; } = 1_000_000;

    /// <summary>The everyday test's: the same machinery with few steps and images.</summary>
    public static StudySettings Reduced { get; } = new()
    {
        PaperSteps = 12,
        PaperTrainings = 2,
        Full = new TwoRoundOptions { FirstSteps = 2, SecondSteps = 2, Correction = new CorrectionOptions { Start = new SensitivityOptions { WarmImages = 64, Steps = 0 } } },
        Ours = new SensitivityOptions { WarmImages = 64, RoundImages = 64, Rounds = 1, Steps = 2, JudgeImages = 32 },
    };

    /// <summary>
    /// Changes whenever a cell has to be run again: our options count for our cells, the recipe's for the paper's. The time allowed for the recipe and
    /// the budget it is trained at are not part of it; both are in the result.
    /// </summary>
    public string Fingerprint(CellKey key, StudyNetwork network, string modelSha256)
    {
        string text = JsonSerializer.Serialize(new
        {
            Edition,
            key.Law,
            key.Method,
            modelSha256,
            network.LearningExamples,
            network.SearchExamples,
            network.CertificationExamples,
            Drop,
            Seeds,
            Ours = MethodIds.IsOurs(key.Method) ? Ours : null,
            PaperSteps = MethodIds.IsPaper(key.Method) ? PaperSteps : 0,
            PaperTrainings = key.Method == MethodIds.PaperSearch ? PaperTrainings : 0,
            MaxRepeats = key.Method == MethodIds.Integer ? MaxRepeats : 0,
        });
        if (MethodIds.IsFull(key.Method))
        {
            CorrectionOptions rates = Full.Correction;
            text += JsonSerializer.Serialize(new
            {
                // Settings of learned ranges count only where ranges are learned: cells from before there were any stay valid.
                Clips = Full.Clips.RangeSteps == 0 ? (object)new { Full.Clips.Strength, Full.Clips.Images } : Full.Clips,
                Full.FirstSteps, Full.SecondSteps, rates.Start, rates.Batch, rates.EnergyRate, rates.CorrectionRate, rates.Aim, rates.Images,
            });
        }

        // Its shape is the recipe's. At the usual steps nothing is added: cells from before they counted stay valid.
        if (key.Method == MethodIds.PaperFullLayer && PaperSteps != UsualPaperSteps)
        {
            text += JsonSerializer.Serialize(new { PaperSteps });
        }

        return Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
    }
}
