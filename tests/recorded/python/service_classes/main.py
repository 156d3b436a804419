from control.client import Control


def main():
    control = Control()
    control.health()
    control.export_ready("e-1")
    control.shifts.list()
    control.shifts.current()
    opened = control.shifts.open("c-1")
    control.shifts.get(opened["id"])
    control.shifts.rename(opened["id"], "late")
    control.shifts.close(opened["id"])
    control.shifts.drop(opened["id"])
    control.permits.list()
    asked = control.permits.ask("s-1")
    for good in (True, False):
        control.permits.decide(asked["id"], good)
    control.permits.show(asked["id"])
    control.permits.document(asked["id"], "d-1")
    control.permits.withdraw(asked["id"])


main()
