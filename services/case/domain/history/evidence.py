"""What a fact from before go-live rests on: a closed list, from the strongest to none at all."""

from shared.kernel import evidence
from shared.kernel.evidence import RECORDED, STATED, SYSTEM_LOG, UNSUPPORTED, Grade

__all__ = ["GRADES", "RECORDED", "STATED", "SYSTEM_LOG", "UNSUPPORTED", "Grade"]

GRADES: dict[str, Grade] = {
    grade: evidence.GRADES[grade] for grade in (RECORDED, SYSTEM_LOG, STATED, UNSUPPORTED)
}
