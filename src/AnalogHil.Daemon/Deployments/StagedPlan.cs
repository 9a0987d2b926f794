using AnalogHil.Core.Plans;
using AnalogHil.Engine.Data;

namespace AnalogHil.Daemon.Deployments;

/// <summary>A plan on a device.</summary>
/// <param name="Plan">Repeats of each layer.</param>
/// <param name="Hash">Hash of the settings that it stands for.</param>
/// <param name="Unseen">Test images that nothing of the plan was chosen on.</param>
internal sealed record StagedPlan(PrecisionPlan Plan, string Hash, LabelledImages Unseen);
