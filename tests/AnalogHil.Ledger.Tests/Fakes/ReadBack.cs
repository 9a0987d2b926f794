using AnalogHil.Ledger.Journal;

namespace AnalogHil.Ledger.Tests.Fakes;

/// <summary>A reconciler that says what the test says.</summary>
internal sealed class ReadBack(Func<Intent, Resolution> answer) : IReconciler
{
    public ReadBack(IntentOutcome outcome)
        : this(_ => new Resolution(outcome, "as the test says"))
    {
    }

    public Task<Resolution> ResolveAsync(Intent intent, CancellationToken cancellationToken) => Task.FromResult(answer(intent));
}
