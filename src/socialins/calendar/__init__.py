"""The calendar: when what may be filed, in Asia/Shanghai."""

from socialins.calendar.due import DueItem, DueStatus, due_items
from socialins.calendar.retirement import (
    RetirementDate,
    RetirementReminder,
    RetirementReminders,
    RetirementStatus,
    retirement_month,
    retirement_reminders,
)
from socialins.calendar.window import (
    MonthCalendar,
    Opening,
    Window,
    day_of,
    month_calendar,
    window_of,
)
from socialins.calendar.workdays import CalendarUnknown, is_workday, shift_to_workday
from socialins.calendar.zone import SHANGHAI

__all__ = [
    "SHANGHAI",
    "CalendarUnknown",
    "DueItem",
    "DueStatus",
    "MonthCalendar",
    "Opening",
    "RetirementDate",
    "RetirementReminder",
    "RetirementReminders",
    "RetirementStatus",
    "Window",
    "day_of",
    "due_items",
    "is_workday",
    "month_calendar",
    "retirement_month",
    "retirement_reminders",
    "shift_to_workday",
    "window_of",
]
