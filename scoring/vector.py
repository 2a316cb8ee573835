"""The sixteen integers of a cell: sums that observations enter and leave exactly."""

from collections.abc import Iterable
from operator import add, neg, sub
from typing import NamedTuple, Self

from scoring.scale import CustomerClass, StageSums


class Vector(NamedTuple):
    """A sum over observations; any roll-up over locations or months is the sum of vectors.

    A tuple, because thousands of them are made for a page; `+` adds them up.

    SS = sum S^2, SP = sum S P, and so on; nb counts those with at least one basic seen, nb_ok those
    of them with none broken. Folds may pass each other, so a vector may for a moment hold a
    withdrawal whose observation has not arrived.
    """

    n: int = 0
    S: int = 0
    raw: int = 0
    P: int = 0
    Q: int = 0
    SS: int = 0
    SP: int = 0
    SQ: int = 0
    PP: int = 0
    QQ: int = 0
    nD: int = 0
    nN: int = 0
    nE: int = 0
    nU: int = 0
    nb: int = 0
    nb_ok: int = 0

    @classmethod
    def from_sums(cls, sums: StageSums) -> Self:
        """Return the vector of one observation (n = 1)."""
        S, P, Q = sums.S, sums.P, sums.Q
        return cls(
            n=1,
            S=S,
            raw=sums.raw,
            P=P,
            Q=Q,
            SS=S * S,
            SP=S * P,
            SQ=S * Q,
            PP=P * P,
            QQ=Q * Q,
            nD=int(sums.customer_class is CustomerClass.D),
            nN=int(sums.customer_class is CustomerClass.N),
            nE=int(sums.customer_class is CustomerClass.E),
            nU=int(sums.customer_class is CustomerClass.U),
            nb=int(sums.basic_seen),
            nb_ok=int(sums.basics_ok),
        )

    @classmethod
    def total(cls, vectors: Iterable["Vector"]) -> Self:
        """Return their sum; the zero vector for none."""
        return cls(*map(sum, zip(*vectors, strict=True)))

    @property
    def has_data(self) -> bool:
        """True where the sums can be read: n > 0 and S and raw within [-Q, P].

        Real observations always satisfy the second part; a passing fold may not.
        """
        return (
            self.n > 0
            and self.P >= 0
            and self.Q >= 0
            and -self.Q <= self.S <= self.P
            and -self.Q <= self.raw <= self.P
        )

    def __add__(self, other: "Vector") -> "Vector":  # type: ignore[override]
        return Vector(*map(add, self, other))

    def __neg__(self) -> "Vector":
        return Vector(*map(neg, self))

    def __sub__(self, other: "Vector") -> "Vector":
        return Vector(*map(sub, self, other))

    def astuple(self) -> tuple[int, ...]:
        """Return the integers in the order of `VECTOR_FIELDS`."""
        return tuple(self)


VECTOR_FIELDS: tuple[str, ...] = Vector._fields
