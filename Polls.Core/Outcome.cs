using System.Diagnostics.CodeAnalysis;

namespace Polls.Core;

/// <summary>A result or a refusal.</summary>
/// <typeparam name="T">The type of the result.</typeparam>
public readonly record struct Outcome<T>
{
    private readonly T? value;

    private Outcome(T? value, Refusal? refusal) => (this.value, Refusal) = (value, refusal);

    /// <summary>The refusal; null on success.</summary>
    public Refusal? Refusal { get; }

    /// <summary>True, with the value, on success; false, with the refusal, otherwise.</summary>
    public bool Succeeded([MaybeNullWhen(false)] out T result, [NotNullWhen(false)] out Refusal? refusal)
    {
        (result, refusal) = (value, Refusal);
        return refusal is null;
    }

    /// <summary>A success.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "Outcomes are created implicitly on return.")]
    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>A refusal.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "Outcomes are created implicitly on return.")]
    public static implicit operator Outcome<T>(Refusal refusal) => new(default, refusal);
}

/// <summary>The result of a success without a value.</summary>
public readonly record struct Done;
