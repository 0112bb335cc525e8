namespace PolicyEngine.Ir;

/// <summary>How closely a change should be looked at.</summary>
public enum RiskLevel { Low, Medium, High }
