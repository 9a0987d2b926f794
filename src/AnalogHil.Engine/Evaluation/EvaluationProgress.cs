namespace AnalogHil.Engine.Evaluation;

/// <summary>How far an evaluation is.</summary>
/// <param name="Done">Images judged.</param>
/// <param name="Total">Images in all.</param>
/// <param name="Correct">Of those judged, the right first choices.</param>
/// <param name="Elapsed">Since the first image.</param>
public sealed record EvaluationProgress(int Done, int Total, int Correct, TimeSpan Elapsed)
{
    /// <summary>Time that the rest takes at the pace so far; zero at the end.</summary>
    public TimeSpan Remaining => Done == 0 ? TimeSpan.Zero : Elapsed * ((double)(Total - Done) / Done);
}
